"""Has gatewayctl read logs, ages and metrics from an implementation of CloudWatch that this project did not write.

Usage: cloudwatch_calls.py GATEWAYCTL ENDPOINT

The emulator evaluates no search expressions, so `metrics` shows only that its requests are taken.
"""

import datetime
import json
import os
import subprocess
import sys
import time

import boto3

ID = "0198a0a0-1c2d-7e3f-8a4b-5c6d7e8f9a0b"
KEYS = {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x", "AWS_REGION": "us-east-1"}


def seed(endpoint):
    def client(name):
        return boto3.client(name, endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="x",
                            aws_secret_access_key="x")
    logs, now = client("logs"), int(time.time() * 1000)
    stream = "2025/08/13/delivery[$LATEST]1"
    logs.create_log_group(logGroupName="functions")
    logs.create_log_stream(logGroupName="functions", logStreamName=stream)
    at = datetime.datetime.fromtimestamp(now / 1000, datetime.timezone.utc).isoformat().replace("+00:00", "Z")
    lines = [{"timestamp": at, "level": level, "event": "E", "message": "m", "tracking_id": ID} for level in ("INFO", "WARN")]
    logs.put_log_events(logGroupName="functions", logStreamName=stream, logEvents=[
        {"timestamp": now, "message": json.dumps(line)} for line in lines])
    client("sqs").create_queue(QueueName="general")
    client("cloudwatch").put_metric_data(Namespace="AWS/SQS", MetricData=[{
        "MetricName": "ApproximateAgeOfOldestMessage", "Value": 42, "Unit": "Seconds",
        "Dimensions": [{"Name": "QueueName", "Value": "general"}],
        "Timestamp": datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(minutes=2)}])


def main(gatewayctl, endpoint):
    seed(endpoint)
    # No configuration of whoever runs this.
    variables = {**KEYS, "AWS_ENDPOINT_URL": endpoint, "HOME": "/nonexistent", "PATH": os.environ["PATH"]}

    def run(*arguments):
        done = subprocess.run([gatewayctl, "--json", *arguments], env=variables, capture_output=True, text=True, check=False)
        return [json.loads(line) for line in done.stdout.splitlines()], done

    told, failed = [], 0
    for claim, arguments, holds in (
        ("tail finds a conversation's lines", ("tail", "--log-group", "functions", "--tracking-id", ID),
         lambda out, done: [line["function"] for line in out] == ["delivery", "delivery"]),
        ("tail keeps what is bad", ("tail", "--log-group", "functions", "--level", "warn"),
         lambda out, done: [line["level"] for line in out] == ["WARN"]),
        ("a missing log group is not found", ("tail", "--log-group", "nowhere"),
         lambda out, done: done.returncode == 3),
        ("queues have ages", ("queues",),
         lambda out, done: [(queue["queue"], queue["oldest_seconds"]) for queue in out[0]] == [("general", 42)]),
        ("metrics are asked for in a form that is taken", ("metrics",),
         lambda out, done: done.returncode == 0 and len(out[0]) > 20),
    ):
        out, done = run(*arguments)
        is_true = holds(out, done)
        failed += not is_true
        print("ok     " if is_true else "FAILED ", claim, "" if is_true else done)
        told.append(is_true)
    print(f"{len(told) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
