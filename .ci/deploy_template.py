"""Deploys template.yaml with CloudFormation to ministack, and runs the product there.

    deploy_template.py BUILD GATEWAYCTL ENDPOINT

BUILD is what `sam build` leaves: a folder a function with its bootstrap. ENDPOINT is a running ministack. `gatewayctl
check` proves the stack, and finds a queue, a mapping and a secret that are changed beside its template. Then three ways are
gone: a question whose answer is delivered at once, one whose delivery fails first, and one whose delivery fails for good.
What the template says of queues, mappings and environments is what runs (roles are created, and ministack enforces none).
What ministack cannot do is done for it: numbers that come from parameters are numbers, the routes of the HTTP API are
created by its own API, composite alarms and those with metric math, which it refuses, are left out, and with them the
rollouts that watch them: it has no CodeDeploy. Its transform makes no aliases, so each function is called by itself.
"""

import base64
import hashlib
import http.server
import io
import json
import os
import pathlib
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import zipfile

import boto3
import yaml
from botocore.config import Config
from standardwebhooks.webhooks import Webhook

STACK = "revops"
BUCKET = "artefacts"
API_KEY = "a-key-of-this-run"
SECRET = "whsec_" + base64.b64encode(hashlib.sha256(API_KEY.encode()).digest()).decode()
ROUTES = ["POST /webhook", "GET /webhook/{tracking_id}", "GET /health", "GET /openapi.json", "$default"]
# How long anything may take: ministack needs about 100 ms a request, and the machine is busy.
PATIENCE_SECONDS = 60


def main(build, gatewayctl, endpoint):
    aws = Aws(endpoint)
    receiver = Receiver()
    template = for_ministack(load_template(pathlib.Path("template.yaml")))
    upload(aws.client("s3"), template, pathlib.Path(build))
    outputs, resources = deploy(aws, template, receiver.url)
    proven(aws, gatewayctl, resources)
    gateway = Gateway(endpoint, connect_routes(aws, resources["GatewayFunction"]))
    healthy(gateway)
    delivered(gateway, receiver)
    retried(gateway, receiver)
    dead_lettered(gateway, receiver, aws, outputs["DeadLetterQueueUrl"])
    exported(aws, outputs["ConversationsBucketName"])
    print(f"{len(resources)} resources deployed; delivered, retried and dead-lettered")


class Aws:
    """Clients of the emulator."""

    def __init__(self, endpoint):
        self.endpoint = endpoint

    def client(self, service):
        # Only ministack's own key may take part: it does not look at any other.
        return boto3.client(
            service, endpoint_url=self.endpoint, region_name="us-east-1", aws_access_key_id="test",
            aws_secret_access_key="test", config=Config(retries={"max_attempts": 1}, read_timeout=PATIENCE_SECONDS))


class Receiver:
    """The team's webhook: verifies every delivery, and answers as it is told, else 200."""

    def __init__(self):
        self.answers, self.received = [], []
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                status = receiver.answers.pop(0) if receiver.answers else 200
                receiver.received.append((self.path, dict(self.headers), body, status))
                self.send_response(status)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{server.server_port}"

    def expect(self, *answers):
        """Answers the next deliveries with these status codes."""
        self.received.clear()
        self.answers = list(answers)

    def deliveries(self, count):
        """Waits for `count` deliveries, and verifies each by the official library."""
        until(lambda: len(self.received) >= count, f"{count} deliveries, there are {len(self.received)}")
        for _, headers, body, _ in self.received:
            Webhook(SECRET).verify(body, {name.lower(): value for name, value in headers.items()})
        return self.received


class Gateway:
    """The deployed front door."""

    def __init__(self, endpoint, api_id):
        self.endpoint, self.api_id = endpoint, api_id

    def call(self, method, path, body=None, **headers):
        port = self.endpoint.rsplit(":", 1)[1]
        headers |= {"host": f"{self.api_id}.execute-api.127.0.0.1:{port}", "x-api-key": API_KEY,
                    "content-type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.endpoint}/prod{path}", data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as reply:
                return reply.status, json.load(reply)
        except urllib.error.HTTPError as refused:
            return refused.code, json.load(refused)

    def ask(self, question, status, **headers):
        query = {"source_system": "ci", "source_process": "deploy", "timestamp": "2026-11-23T00:00:00Z",
                 "query": question}
        return expect(self.call("POST", "/webhook", query, **headers), status)


def healthy(gateway):
    expect(gateway.call("GET", "/health?deep=true"), 200)
    expect(gateway.call("GET", "/nowhere"), 404)


def delivered(gateway, receiver):
    receiver.expect(200)
    answer = gateway.ask("What is the deal status for IXIS?", 200)
    path, headers, body, _ = receiver.deliveries(1)[0]
    assert path == "/deals" and headers["x-tracking-id"] == answer["tracking_id"], (path, headers)
    assert json.loads(body)["response_rich"] == answer["ai_response"]["response_rich"]
    ended(gateway, answer["tracking_id"], "delivered")


def retried(gateway, receiver):
    receiver.expect(503, 200)
    answer = gateway.ask("Thank you all!", 202, prefer="respond-async")
    first, second = receiver.deliveries(2)
    assert first[1]["webhook-id"] == second[1]["webhook-id"] and first[2] == second[2]
    state = ended(gateway, answer["tracking_id"], "delivered")
    assert len(state["webhook_delivery"]["attempts"]) == 2, state


def dead_lettered(gateway, receiver, aws, queue):
    receiver.expect(400)
    answer = gateway.ask("Hello there", 200)
    receiver.deliveries(1)
    ended(gateway, answer["tracking_id"], "failed")
    letters = aws.client("sqs").receive_message(QueueUrl=queue, MessageAttributeNames=["All"], WaitTimeSeconds=5)
    letter = letters["Messages"][0]
    assert json.loads(letter["Body"])["run"] == 2, letter
    assert letter["MessageAttributes"]["reason"]["StringValue"] == "http_status", letter


def ended(gateway, tracking_id, status):
    state = {}

    def reached():
        state.update(expect(gateway.call("GET", f"/webhook/{tracking_id}"), 200))
        return state["status"] == status

    until(reached, f"status {status}")
    return state


def exported(aws, bucket):
    s3 = aws.client("s3")

    def files():
        listed = s3.list_objects_v2(Bucket=bucket, Prefix="conversation-history/").get("Contents", [])
        return sorted(entry["Key"].rsplit("/", 1)[1] for entry in listed)

    formats = ["analysis.json", "conversation.json", "metadata.json", "summary.json"]
    until(lambda: files() == sorted(3 * formats), f"four exports of each of three conversations, not {files()}")


def load_template(path):
    """The template with CloudFormation's short tags written out."""

    class Loader(yaml.SafeLoader):
        pass

    def tagged(loader, name, node):
        construct = {yaml.ScalarNode: loader.construct_scalar,
                     yaml.SequenceNode: lambda node: loader.construct_sequence(node, deep=True),
                     yaml.MappingNode: lambda node: loader.construct_mapping(node, deep=True)}
        value = construct[type(node)](node)
        if name == "GetAtt" and isinstance(value, str):
            value = value.split(".", 1)
        return {name if name in ("Ref", "Condition") else f"Fn::{name}": value}

    Loader.add_multi_constructor("!", tagged)
    return yaml.load(path.read_text(), Loader)


def for_ministack(template):
    """The template without what ministack refuses, and with numbers where it hands on text."""
    parameters, resources = template["Parameters"], template["Resources"]

    def is_refused(resource):
        return resource["Type"] == "AWS::CloudWatch::CompositeAlarm" or "Metrics" in resource.get("Properties", {})

    resources = {name: resource for name, resource in resources.items() if not is_refused(resource)}
    template["Resources"] = resources = without_aliases(resources)
    del template["Globals"]["Function"]["AutoPublishAlias"]
    for resource in resources.values():
        if resource["Type"] == "AWS::Serverless::Function":
            del resource["Properties"]["DeploymentPreference"]
        scaling = resource.get("Properties", {}).get("ScalingConfig")
        if scaling:
            scaling["MaximumConcurrency"] = parameters[scaling["MaximumConcurrency"]["Ref"]]["Default"]
    return template


def without_aliases(value):
    """The same with functions instead of their aliases; in a policy an ARN is meant."""
    if isinstance(value, list):
        return [without_aliases(item) for item in value]
    if not isinstance(value, dict):
        return value
    reference = value.get("Ref", "")
    if isinstance(reference, str) and reference.endswith(".Alias"):
        return {"Fn::GetAtt": [reference.removesuffix(".Alias"), "Arn"]}
    return {name: without_aliases(item) for name, item in value.items()}


def upload(s3, template, build):
    """What `sam package` does: each function's bootstrap as a zip, and its place in the template."""
    s3.create_bucket(Bucket=BUCKET)
    for name, resource in template["Resources"].items():
        if resource["Type"] != "AWS::Serverless::Function":
            continue
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as files:
            entry = zipfile.ZipInfo("bootstrap")
            entry.external_attr = 0o755 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            files.writestr(entry, (build / name / "bootstrap").read_bytes())
        s3.put_object(Bucket=BUCKET, Key=f"{name}.zip", Body=archive.getvalue())
        resource["Properties"]["CodeUri"] = f"s3://{BUCKET}/{name}.zip"
    s3.put_object(Bucket=BUCKET, Key="template.json", Body=json.dumps(template))


def deploy(aws, template, receiver):
    parameters = {
        "GeneralWebhookUrl": f"{receiver}/general", "DealAnalysisWebhookUrl": f"{receiver}/deals",
        "SigningSecrets": json.dumps({"default": [SECRET]}), "AllowedPrivateCidrs": "127.0.0.0/8",
        "AllowHttpDestinations": "true", "BedrockAgentId": "AGENT12345", "BedrockAgentAliasId": "ALIAS12345",
        "InboundApiKeys": json.dumps({"ci": hashlib.sha256(API_KEY.encode()).hexdigest()}),
        "RetryBaseSeconds": "1", "InboundSigningSecretsArn": signing_callers(aws),
    }
    assert parameters.keys() <= template["Parameters"].keys()
    cloudformation = aws.client("cloudformation")
    cloudformation.create_stack(
        StackName=STACK, TemplateURL=f"{aws.endpoint}/{BUCKET}/template.json",
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"])
    stack = {}

    def done():
        stack.update(cloudformation.describe_stacks(StackName=STACK)["Stacks"][0])
        return not stack["StackStatus"].endswith("_IN_PROGRESS")

    until(done, "the end of the deployment")
    events = cloudformation.describe_stack_events(StackName=STACK)["StackEvents"]
    failed = [event for event in events if "FAILED" in event["ResourceStatus"]]
    assert stack["StackStatus"] == "CREATE_COMPLETE" and not failed, (stack["StackStatus"], failed)
    resources = cloudformation.describe_stack_resources(StackName=STACK)["StackResources"]
    return ({output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]},
            {resource["LogicalResourceId"]: resource["PhysicalResourceId"] for resource in resources})


def signing_callers(aws):
    """A secret that only AWS holds; its ARN."""
    held = json.dumps({"signer": [SECRET]})
    return aws.client("secretsmanager").create_secret(Name="signing-callers", SecretString=held)["ARN"]


def connect_routes(aws, function):
    """Creates the routes that the transform of SAM puts into the API's OpenAPI body."""
    api, function = aws.client("apigatewayv2"), aws.client("lambda").get_function(FunctionName=function)
    api_id = api.get_apis()["Items"][0]["ApiId"]
    integration = api.create_integration(
        ApiId=api_id, IntegrationType="AWS_PROXY", PayloadFormatVersion="2.0",
        IntegrationUri=function["Configuration"]["FunctionArn"])["IntegrationId"]
    for route in ROUTES:
        api.create_route(ApiId=api_id, RouteKey=route, Target=f"integrations/{integration}")
    return api_id


def proven(aws, gatewayctl, resources):
    """Nothing is wrong with the stack as it was deployed; what is changed by hand is named."""
    assert errors(aws, gatewayctl) == [], errors(aws, gatewayctl)
    queue, mapping = resources["GeneralQueue"], resources["GeneralMapping"]
    sqs, functions = aws.client("sqs"), aws.client("lambda")
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"VisibilityTimeout": "30"})
    functions.update_event_source_mapping(UUID=mapping, Enabled=False)
    secrets = aws.client("secretsmanager")
    secrets.delete_secret(SecretId="signing-callers", RecoveryWindowInDays=7)
    found = errors(aws, gatewayctl)
    variable = "Resources.GatewayFunction.Properties.Environment.Variables.INBOUND_SIGNING_SECRETS_ARN"
    assert found == [variable, "Resources.GeneralMapping", "Resources.GeneralQueue.Properties.VisibilityTimeout"], found
    secrets.restore_secret(SecretId="signing-callers")
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"VisibilityTimeout": "360"})
    functions.update_event_source_mapping(UUID=mapping, Enabled=True)
    assert errors(aws, gatewayctl) == [], "the stack is as it was"
    missing = run_check(aws, gatewayctl, "nowhere")
    assert missing.returncode == 3, missing


def errors(aws, gatewayctl):
    """The places of errors in the stack."""
    done = run_check(aws, gatewayctl, STACK)
    assert done.stdout, done
    findings = json.loads(done.stdout)["findings"]
    assert any("NoEcho" in finding["reason"] for finding in findings), findings
    found = sorted(finding["place"] for finding in findings if finding["severity"] == "error")
    assert done.returncode == (1 if found else 0), done
    return found


def run_check(aws, gatewayctl, stack):
    # No configuration of whoever runs this.
    variables = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_REGION": "us-east-1",
                 "AWS_ENDPOINT_URL": aws.endpoint, "HOME": "/nonexistent", "PATH": os.environ["PATH"]}
    return subprocess.run([gatewayctl, "--json", "check", "--stack", stack], env=variables, capture_output=True,
                          text=True, timeout=PATIENCE_SECONDS, check=False)


def expect(reply, status):
    assert reply[0] == status, f"expected {status}: {reply}"
    return reply[1]


def until(reached, what):
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not reached():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.1)


if __name__ == "__main__":
    main(*sys.argv[1:])
