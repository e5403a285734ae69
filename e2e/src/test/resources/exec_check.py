"""ECS Exec: sessions in containers that run, as the AWS CLI with its plugin and as a client of the channel itself.

Arguments: the plugin, and a number that no other process of this machine sleeps for: sleeps of this check begin with it.
The parts know nothing of each other and run at once.
"""
import importlib.machinery
import importlib.util
import io
import json
import os
import re
import subprocess
import sys
import threading
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor

import boto3

ENDPOINT = os.environ["AWS_ENDPOINT_URL"]
PLUGIN, MARK = sys.argv[1:]
loader = importlib.machinery.SourceFileLoader("plugin", PLUGIN)
plugin = importlib.util.module_from_spec(importlib.util.spec_from_loader("plugin", loader))
sys.dont_write_bytecode = True
loader.exec_module(plugin)


def client(service):
    return boto3.client(service, region_name="us-east-1", endpoint_url=ENDPOINT)


ecs, ec2, logs, iam, s3 = (client(s) for s in ("ecs", "ec2", "logs", "iam", "s3"))


def until(what, look, seconds=120):
    """Long enough for a slow machine: nobody waits for it where all is well."""
    end = time.time() + seconds
    while time.time() < end:
        found = look()
        if found:
            print(what, flush=True)
            return found
        time.sleep(0.1)
    raise AssertionError("never: " + what)


TRUST = json.dumps({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}]})
role = iam.create_role(RoleName="tasks", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
iam.put_role_policy(RoleName="tasks", PolicyName="all", PolicyDocument=json.dumps({
    "Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}))
network = {"awsvpcConfiguration": {"subnets": [ec2.describe_subnets()["Subnets"][0]["SubnetId"]]}}
s3.create_bucket(Bucket="audit")
logs.create_log_group(logGroupName="sessions")
ecs.create_cluster(clusterName="c", configuration={"executeCommandConfiguration": {"logging": "OVERRIDE", "logConfiguration": {
    "cloudWatchLogGroupName": "sessions", "s3BucketName": "audit", "s3KeyPrefix": "exec"}}})


def task(family, containers, **more):
    ecs.register_task_definition(
        family=family, requiresCompatibilities=["FARGATE"], networkMode="awsvpc", cpu="256", memory="512",
        taskRoleArn=role, containerDefinitions=[{"name": n, "image": "freeway/base:1", "command": ["sleep", "3600"],
                                                 "stopTimeout": 2, **c} for n, c in containers.items()])
    arn = ecs.run_task(cluster="c", taskDefinition=family, launchType="FARGATE", networkConfiguration=network,
                       **more)["tasks"][0]["taskArn"]
    until(f"task {family} runs", lambda: described(arn)["lastStatus"] == "RUNNING")
    return arn


def described(arn):
    return ecs.describe_tasks(cluster="c", tasks=[arn])["tasks"][0]


def refused(code, words, **asked):
    try:
        ecs.execute_command(**{"cluster": "c", "interactive": True, "command": "sh", **asked})
    except ecs.exceptions.ClientError as e:
        error = e.response["Error"]
        assert error["Code"] == code and words in error["Message"], error
        print(f"refused: {code}: {error['Message'][:90]}")
        return
    raise AssertionError("not refused: " + words)


class Client:
    """A session and what it has shown so far."""

    def __init__(self, arn, command="/bin/sh", handshake=True, start=True, **more):
        self.text = bytearray()
        self.info = self.session(arn, command, **more)
        self.s = plugin.Session(self.info, self.text.extend, handshake)
        threading.Thread(target=self.s.run, daemon=True).start()
        if handshake and start:
            assert self.s.ready.wait(120), "handshake"

    @staticmethod
    def session(arn, command, **more):
        return ecs.execute_command(cluster="c", task=arn, interactive=True, command=command, **more)["session"]

    def type(self, text):
        self.s.keys(text.encode())

    def shows(self, pattern, seconds=120):
        try:
            return until(f"shown: {pattern}", lambda: re.search(pattern.encode(), bytes(self.text), re.S), seconds)
        except AssertionError:
            raise AssertionError(f"{pattern} was not shown: {bytes(self.text[-2000:])}")

    def ends(self, seconds=120):
        assert self.s.over.wait(seconds), "the session did not end"
        return self.s.output


def processes(*which):
    """Those of this check that sleep, by the numbers at their ends."""
    found = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True).stdout.splitlines()
    return [x for x in found if x in [f"sleep {MARK}{n}" for n in which]]


with ThreadPoolExecutor(3) as pool:
    one, two, shut = pool.map(lambda ask: task(*ask[0], **ask[1]), [
        (("one", {"main": {"environment": [{"name": "COLOUR", "value": "green"}], "workingDirectory": "/tmp",
                           "ulimits": [{"name": "nofile", "softLimit": 321, "hardLimit": 400}],
                           "linuxParameters": {"capabilities": {"drop": ["NET_RAW"]}}}}), {"enableExecuteCommand": True}),
        (("two", {"a": {}, "b": {}}), {"enableExecuteCommand": True}),
        (("shut", {"main": {}}), {})])


def refusals():
    agents = described(one)["containers"][0]["managedAgents"]
    assert [(a["name"], a["lastStatus"]) for a in agents] == [("ExecuteCommandAgent", "RUNNING")], agents
    assert "lastStartedAt" in agents[0] and "managedAgents" not in described(shut)["containers"][0]
    refused("InvalidParameterException", "execute command was not enabled when the task was run", task=shut)
    refused("InvalidParameterException", "Interactive is the only mode", task=one, interactive=False)
    refused("InvalidParameterException", "more than one container", task=two)
    refused("InvalidParameterException", "nobody", task=one, container="nobody")
    refused("ClusterNotFoundException", "Cluster not found", task=one, cluster="nowhere")
    refused("InvalidParameterException", "not found", task="0" * 32)
    refused("InvalidParameterException", "quote", task=one, command="sh 'x")


def command_line_and_end_of_task():
    # Through the whole AWS CLI, with input from a pipe.
    path = os.path.dirname(PLUGIN) + ":" + os.environ["PATH"]
    cli = subprocess.run(["aws", "ecs", "execute-command", "--cluster", "c", "--task", two.split("/")[-1], "--container", "b",
                          "--interactive", "--command", "/bin/sh"], env={**os.environ, "PATH": path, "AWS_DEFAULT_REGION": "us-east-1"},
                         input=b"echo $((6*7)) from $(id -u)\nexit 3\n", capture_output=True, timeout=180)
    said = cli.stdout.decode()
    assert cli.returncode == 0 and "42 from 0" in said and "Starting session with SessionId: ecs-execute-command-" in said, cli
    assert "Exiting session with sessionId: ecs-execute-command-" in said, said
    print("aws ecs execute-command: " + " | ".join(said.split("\n")))
    c = Client(two, container="a", command=f"sleep {MARK}5")
    until("a session in a task", lambda: processes(5))
    ecs.stop_task(cluster="c", task=two)
    c.ends()
    until("ends with it", lambda: not processes(5))
    until("the agent has stopped, too", lambda: described(two)["containers"][0]["managedAgents"][0]["lastStatus"] == "STOPPED")
    refused("InvalidParameterException", "not in the RUNNING state", task=two, container="a")


def terminal():
    c = Client(one)
    c.type("echo $COLOUR-$AWS_REGION-$TERM-$(pwd)-$(readlink /proc/self/fd/0)-$(ulimit -n)-x; echo [$AWS_CONTAINER_CREDENTIALS_RELATIVE_URI]\r")
    c.shows(r"green-us-east-1-xterm-256color-/tmp-/dev/pts/\d+-321-x\r\n\[/v2/credentials/")
    c.type("grep CapBnd /proc/self/status; cat /proc/self/cgroup | head -1; cat /proc/1/cgroup | head -1\r")
    bits = int(c.shows(r"CapBnd:\s+([0-9a-f]+)\r").group(1), 16)
    assert not bits & 1 << 13 and bits & 1, hex(bits)
    c.s.size(132, 43)
    c.type("bash -c 'shopt -s checkwinsize; (:); echo $LINES by $COLUMNS'\r")
    c.shows("43 by 132")
    c.type(f"sleep {MARK}1\r")
    until("sleep runs", lambda: processes(1))
    c.type("\x03")
    until("Ctrl-C ends it", lambda: not processes(1))
    c.type("echo st'i'll here; exit 5\r")
    c.shows("still here")
    assert c.ends()["Output"] == ""
    session = c.info["sessionId"]

    def transcript():
        try:
            return s3.get_object(Bucket="audit", Key=f"exec/{session}.log")["Body"].read()
        except s3.exceptions.ClientError:
            return None

    kept = until("the transcript is in the bucket", transcript)
    assert b"green-us-east-1" in kept and b'COMMAND_EXIT_CODE="5"' in kept, kept
    kept = until("and in CloudWatch Logs", lambda: shipped(session))
    assert any("green-us-east-1" in x for x in kept) and kept[0].startswith("Script started on"), kept


def shipped(session):
    """All of a transcript, once its last line is there."""
    try:
        lines = [e["message"] for e in logs.get_log_events(
            logGroupName="sessions", logStreamName=session, startFromHead=True)["events"]]
    except logs.exceptions.ResourceNotFoundException:
        return None
    return any("COMMAND_EXIT_CODE" in x for x in lines) and lines


def tokens():
    """A token is good once, and for its session only."""
    for wrong in ({**Client(one).info}, {**Client(one).info, "tokenValue": "x"}):
        s = plugin.Session(wrong, lambda _: None)
        s.run()
        assert s.socket.closed == 1008 and s.output is None, vars(s)
    print("wrong and used tokens are refused")


def ways_to_end():
    """A client without a handshake, the end by the client's flag, by its socket, and of what never began."""
    c = Client(one, command=f"sh -c 'echo words \"with blanks\"; exec sleep {MARK}2'", handshake=False)
    c.s.size(90, 20)
    c.shows("words with blanks")
    c.s.terminate()
    assert c.ends()["Output"] == ""
    until("terminated", lambda: not processes(2))
    c = Client(one, command=f"sh -c 'sleep {MARK}3 & sleep {MARK}4'")
    until("two sleep", lambda: len(processes(3, 4)) == 2)
    c.s.socket.s.shutdown(2)
    until("both end with the socket", lambda: not processes(3, 4))
    c = Client(one, command="/no/such/command")
    c.shows("no such")
    c.ends()


def much_and_late():
    """Two at once; output that is much, and a client that acknowledges late."""
    a, b = Client(one), Client(one)
    a.type("X=a; read Y; echo $X$X; exit\r")
    b.type("X=b; echo $X$X; exit\r")
    b.shows(r"(\n|# )bb\r"), b.ends()
    a.type("\r")
    a.shows(r"(\n|# )aa\r"), a.ends()
    began = time.time()
    c = Client(one, command="sh -c 'head -c 7500000 /dev/zero | base64 -w 76'")
    c.ends()
    lines = bytes(c.text).split(b"\r\n")
    assert sum(map(len, lines)) == 10_000_000, sum(map(len, lines))
    print(f"10 MB in {time.time() - began:.1f} s, {c.s.repeated} messages were sent twice")
    c = Client(one)
    take, deaf = c.s.take, []
    c.s.take = deaf.append
    c.type("echo l'a'te\r")
    until("what is not acknowledged is sent again", lambda: len(outputs(deaf)) > len({m["sequence"] for m in outputs(deaf)}))
    c.s.take = take
    c.shows("late")
    c.type("exit\r")
    c.ends()


def outputs(messages):
    return [m for m in list(messages) if m["type"] == "output_stream_data"]


def nonsense_ends_its_own_session():
    good = Client(one)
    for nonsense in (b"", b"x", os.urandom(119), os.urandom(120), os.urandom(5000), plugin.encode("acknowledge", 0, 0, b"[")[:-1],
                     b"\xff" * 200, plugin.encode("input_stream_data", 0, 1, b"hello")[:-5] + b"HELLO"):
        c = Client(one)
        c.s.socket.send(2, nonsense)
        assert c.s.over.wait(120), nonsense
    for harmless in (plugin.encode("acknowledge", 0, 0, b"["), plugin.encode("acknowledge", 0, 0, b'{"a":1}'),
                     plugin.encode("new_type", 0, 0, b"x"), plugin.encode("input_stream_data", -1, 1, b"x"),
                     plugin.encode("input_stream_data", 1 << 60, 1, b"x"), plugin.encode("input_stream_data", 0, 99, b"x")):
        good.s.socket.send(2, harmless)
    good.s.send(plugin.SIZE, b"{}"), good.s.send(plugin.SIZE, b"no"), good.s.size(0, 70000), good.s.send(plugin.FLAG, b"1")
    good.type("echo un'harm'ed; exit\r")
    good.shows("unharmed")
    good.ends()


class InSandbox(Client):
    """A sandbox of CodeBuild is connected to in the same way."""

    @staticmethod
    def session(arn, command, **more):
        return builds.start_sandbox_connection(sandboxId=arn)["ssmSession"]


builds = client("codebuild")


def sandbox():
    builder = iam.create_role(RoleName="builder", AssumeRolePolicyDocument=TRUST.replace("ecs-tasks", "codebuild"))["Role"]["Arn"]
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as z:
        z.writestr("colour.txt", "blue as the sea")
    s3.put_object(Bucket="audit", Key="source.zip", Body=archive.getvalue())
    builds.create_project(
        name="lab", serviceRole=builder, artifacts={"type": "NO_ARTIFACTS"},
        source={"type": "S3", "location": "audit/source.zip", "buildspec": "version: 0.2\nphases: {build: {commands: [true]}}"},
        environment={"type": "LINUX_CONTAINER", "image": "aws/codebuild/standard:7.0", "computeType": "BUILD_GENERAL1_SMALL"})
    lab = builds.start_sandbox(projectName="lab")["sandbox"]["id"]
    until("a sandbox runs", lambda: builds.batch_get_sandboxes(ids=[lab])["sandboxes"][0].get("currentSession", {}).get("currentPhase") == "RUN_SANDBOX")
    c = InSandbox(lab)
    c.type(f"cat colour.txt; sleep {MARK}8\r")
    c.shows("blue as the sea")
    until("a command in it", lambda: processes(8))
    builds.stop_sandbox(id=lab)
    c.ends()
    until("ends with it", lambda: not processes(8))
    try:
        builds.start_sandbox_connection(sandboxId=lab)
        raise AssertionError("a stopped sandbox was connected to")
    except builds.exceptions.InvalidInputException:
        pass


# The task with two containers is stopped in the end, and who asks for it comes before.
refusals()
PARTS = [command_line_and_end_of_task, sandbox, much_and_late, terminal, ways_to_end, tokens, nonsense_ends_its_own_session]
with ThreadPoolExecutor(4) as pool:
    running = [pool.submit(p) for p in PARTS]
failed = [(p.__name__, r.exception()) for p, r in zip(PARTS, running) if r.exception()]
for name, error in failed:
    print(f"FAILED: {name}: {error!r}")
assert not failed, [name for name, _ in failed]

# By a client that lives on after this.
left = ecs.execute_command(cluster="c", task=one, interactive=True, command=f"sh -c 'sleep {MARK}6 & sleep {MARK}7'")["session"]
subprocess.Popen([sys.executable, PLUGIN, json.dumps(left)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                 start_new_session=True)
until("a session is left open", lambda: len(processes(6, 7)) == 2)
