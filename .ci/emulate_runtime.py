"""Runs each built bootstrap under AWS's runtime interface emulator, with the event samples of events/.

    emulate_runtime.py EMULATOR BUILD

No AWS service can be reached: what is checked is that the very binaries start under Lambda's own runtime, understand real
events, and keep their promises where nothing answers: no 2xx, and no message that counts as done.
"""

import json
import os
import pathlib
import socket
import subprocess
import sys
import time
import urllib.request

EVENTS = pathlib.Path("events")
READY_SECONDS = 30
INVOKE_SECONDS = 120
SECRET = "whsec_MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA="


def main(emulator, build):
    passed = 0
    for name, (variables, events) in FUNCTIONS.items():
        bootstrap = pathlib.Path(build).resolve() / name / "bootstrap"
        for event, check in events.items():
            # A runtime of its own each: every sample is a cold start.
            with Emulated(emulator, bootstrap, variables) as runtime:
                reply, took = runtime.invoke((EVENTS / f"{event}.json").read_bytes())
                check(reply)
            print(f"{name} {event}: {took * 1000:.0f} ms")
            passed += 1
    print(f"{passed} passed, 0 failed")


def refused(reply):
    """503 with Retry-After: nothing was acknowledged."""
    assert reply["statusCode"] == 503, reply
    assert json.loads(reply["body"])["code"] == "dependency_unavailable", reply
    assert "retry-after" in {name.lower() for name in reply["headers"]}, reply


def unfinished(reply):
    """Every message of the batch is given back."""
    assert len(reply["batchItemFailures"]) >= 1, reply


def failed(reply):
    """The invocation failed, as the error's type says; the emulator answers 200 all the same."""
    assert "errorType" in reply, reply


# The function's folder of the build, its variables beyond the common ones, and its events with what to expect.
FUNCTIONS = {
    "GatewayFunction": (
        {"INBOUND_AUTH": "none", "QUERY_QUEUE_URL": "https://sqs.example/1/query"},
        {"http-api-post-webhook": refused, "http-api-post-webhook-base64": refused, "http-api-get-conversation": refused},
    ),
    "GatewayWorkerFunction": (
        {"QUERY_QUEUE_URL": "https://sqs.example/1/query"},
        {"sqs-answer-query": unfinished},
    ),
    "ManagerAgentFunction": (
        {"BEDROCK_AGENT_ID": "AGENT12345", "BEDROCK_AGENT_ALIAS_ID": "ALIAS12345"},
        {"invoke-manager-agent": failed},
    ),
    "DeliveryFunction": (
        {"SIGNING_SECRETS": json.dumps({"default": [SECRET]}), "DEAD_LETTER_QUEUE_URL": "https://sqs.example/1/dead"},
        {"sqs-deliver": unfinished},
    ),
}


class Emulated:
    """One bootstrap under the emulator."""

    def __init__(self, emulator, bootstrap, variables):
        self.port = free_port()
        closed = free_port()
        environment = {
            "PATH": os.environ["PATH"],
            "AWS_LAMBDA_FUNCTION_NAME": "function", "AWS_LAMBDA_FUNCTION_TIMEOUT": "60",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256", "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none",
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{closed}",
            "CONVERSATION_EXPORT_S3_BUCKET": "bucket", "MANAGER_AGENT_FUNCTION_NAME": "manager-agent",
            "GENERAL_WEBHOOK_URL": "https://hooks.example/general",
            "OUTBOUND_WEBHOOK_QUEUE_URL": "https://sqs.example/1/general",
        }
        address = f"127.0.0.1:{self.port}"
        # Its API for the function, too, is a port of its own, so that two can follow each other at once.
        self.process = subprocess.Popen(
            [emulator, "--runtime-interface-emulator-address", address, "--runtime-api-address",
             f"127.0.0.1:{free_port()}", str(bootstrap)],
            env=environment | variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def __enter__(self):
        deadline = time.monotonic() + READY_SECONDS
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return self
            except OSError:
                assert time.monotonic() < deadline and self.process.poll() is None, "the emulator does not start"
                time.sleep(0.02)

    def invoke(self, event):
        url = f"http://127.0.0.1:{self.port}/2015-03-31/functions/function/invocations"
        begin = time.monotonic()
        with urllib.request.urlopen(urllib.request.Request(url, event), timeout=INVOKE_SECONDS) as reply:
            return json.load(reply), time.monotonic() - begin

    def __exit__(self, error, *_):
        self.process.kill()
        output = self.process.communicate()[0]
        if error:
            sys.stdout.write(output.decode(errors="replace"))


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


if __name__ == "__main__":
    main(*sys.argv[1:])
