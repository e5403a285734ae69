"""Pipelines as teams write them, with git and boto3. Fails loudly. Arguments: a copy of examples/gates."""
import json
import os
import pathlib
import subprocess
import sys
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import boto3

ENDPOINT = os.environ["AWS_ENDPOINT_URL"]
ACCOUNT = "000000000000"
iam, s3, git, pipes, ecr, ecs, logs = (
    boto3.client(s) for s in ("iam", "s3", "codecommit", "codepipeline", "ecr", "ecs", "logs")
)
TRUST = json.dumps({"Version": "2012-10-17", "Statement": [{
    "Effect": "Allow", "Action": "sts:AssumeRole",
    "Principal": {"Service": ["codepipeline.amazonaws.com", "codebuild.amazonaws.com"]}}]})
ROLE = iam.create_role(RoleName="gates", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
for bucket in ("gates-artifacts", "gates-site"):
    s3.create_bucket(Bucket=bucket)


def until(what, look, good, seconds=180):
    end = time.time() + seconds
    while True:
        seen = look()
        if good(seen):
            return seen
        if time.time() > end:
            raise AssertionError(f"{what} did not come true; last seen: {seen}")
        time.sleep(0.1)


class Repository:
    def __init__(self, name):
        git.create_repository(repositoryName=name)
        self.folder = pathlib.Path(name).absolute()
        url = ENDPOINT.replace("://", f"://{ACCOUNT}:x@") + f"/v1/repos/{name}"
        self.folder.mkdir()
        self.git("init", "-q", "-b", "main")
        self.git("remote", "add", "origin", url)

    def git(self, *words):
        return subprocess.run(["git", *words], cwd=self.folder, check=True, capture_output=True, text=True).stdout.strip()

    def push(self, files, branch="main", start=None):
        if start:
            self.git("checkout", "-q", "-b", branch, start)
        for name, content in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "change " + ", ".join(files))
        self.git("push", "-q", "origin", branch)
        return self.git("rev-parse", "HEAD")


def kind(category, provider):
    return {"category": category, "owner": "AWS", "provider": provider, "version": "1"}


def source(repository, **more):
    return {"name": "Source", "actions": [{
        "name": "Code", "namespace": "code", "actionTypeId": kind("Source", "CodeCommit"),
        "configuration": {"RepositoryName": repository, "BranchName": "main", **more},
        "outputArtifacts": [{"name": "App"}]}]}


def approval(name="Ok"):
    return {"name": name, "actionTypeId": kind("Approval", "Manual")}


def create(name, stages, **more):
    pipes.create_pipeline(pipeline={
        "name": name, "roleArn": ROLE, "pipelineType": "V2", "executionMode": "QUEUED",
        "artifactStore": {"type": "S3", "location": "gates-artifacts"}, "stages": stages, **more})


def trigger(**push):
    return [{"providerType": "CodeStarSourceConnection", "gitConfiguration": {"sourceActionName": "Code", "push": [push]}}]


def executions(name):
    return pipes.list_pipeline_executions(pipelineName=name)["pipelineExecutionSummaries"]


def stage(name, which):
    return next(s for s in pipes.get_pipeline_state(name=name)["stageStates"] if s["stageName"] == which)


def over(name, commit):
    """The execution of a commit, when it is over."""
    def of():
        return next((e for e in executions(name) if e["sourceRevisions"] and e["sourceRevisions"][0]["revisionId"] == commit), {})
    return until(f"{name} of {commit} is over", of, lambda e: e.get("status") not in (None, "InProgress"))


def approve(name, which):
    action = until(f"{name} waits for approval",
                   lambda: stage(name, which)["actionStates"][0].get("latestExecution", {}),
                   lambda a: a.get("token"))
    pipes.put_approval_result(pipelineName=name, stageName=which, actionName="Ok", token=action["token"],
                              result={"status": "Approved", "summary": "looks good"})


def monorepo():
    mono = Repository("mono")
    mono.push({"web/index.html": "1", "api/main": "1"})
    for part in ("web", "api"):
        create(part, [source("mono"), {"name": "Hold", "actions": [approval()]}],
               triggers=trigger(branches={"includes": ["main"]}, filePaths={"includes": [part + "/**"]}))
    commit = mono.push({"web/index.html": "2"})
    until("a change of web starts its pipeline", lambda: len(executions("web")), lambda n: n == 2)
    second = mono.push({"api/main": "2", "docs/x": "1"})
    until("a change of api starts its pipeline", lambda: len(executions("api")), lambda n: n == 2)
    assert len(executions("web")) == 2, executions("web")
    until("the execution has its commit", lambda: executions("web")[0]["sourceRevisions"],
          lambda r: r and r[0]["revisionId"] == commit)
    until("the execution has its commit", lambda: executions("api")[0]["sourceRevisions"],
          lambda r: r and r[0]["revisionId"] == second)


def branches():
    multi = Repository("multi")
    multi.push({"a": "1"})
    create("multi", [source("multi"), {"name": "Hold", "actions": [approval()]}], executionMode="PARALLEL",
           triggers=trigger(branches={"includes": ["feature/*"], "excludes": ["feature/wip"]}))
    commits = {multi.push({"a": name}, "feature/" + name, "main") for name in ("one", "two")}
    multi.push({"a": "wip"}, "feature/wip", "main")
    seen = until("both branches run", lambda: [e for e in executions("multi") if e["trigger"]["triggerType"] == "WebhookV2"],
                 lambda found: len(found) == 2 and all(e["sourceRevisions"] for e in found))
    assert {e["sourceRevisions"][0]["revisionId"] for e in seen} == commits, seen
    assert {e["status"] for e in seen} == {"InProgress"}, seen


def gates(folder):
    repo = Repository("gates")
    good = {str(p.relative_to(folder)): p.read_text() for p in folder.rglob("*") if p.is_file()}
    first = repo.push(good)
    pipes.create_pipeline(pipeline=json.loads(good["pipeline.json"]))
    assert over("gates", first)["status"] == "Succeeded", pipes.list_action_executions(pipelineName="gates")
    key = "AKIA" + "ABCDEFGHIJKLMNOP"
    bad = repo.push({"app/report.sh": f"echo {key}  \n"})
    assert over("gates", bad)["status"] == "Failed"
    failed = {a["actionName"]: a["latestExecution"] for a in stage("gates", "Gates")["actionStates"]}
    for name, script in (("Style", "style.sh"), ("Security", "security.sh")):
        assert failed[name]["status"] == "Failed" and script in failed[name]["errorDetails"]["message"], failed
    said = [e["message"] for s in logs.describe_log_streams(logGroupName="/aws/codepipeline/gates")["logStreams"]
            for e in logs.get_log_events(logGroupName="/aws/codepipeline/gates", logStreamName=s["logStreamName"], startFromHead=True)["events"]]
    assert any("credentials in the source" in line for line in said), said
    slow = repo.push({"app/report.sh": "sleep 2.2\n"})
    assert over("gates", slow)["status"] == "Failed"
    rule = pipes.list_rule_executions(pipelineName="gates")["ruleExecutionDetails"][0]
    assert rule["ruleName"] == "Performance" and rule["status"] == "Failed", rule
    assert "performance.sh" in rule["output"]["executionResult"]["errorDetails"]["message"], rule
    assert s3.get_object(Bucket="gates-site", Key="app/report.sh")["Body"].read().decode() == good["app/report.sh"]


def image(service):
    arn = ecs.describe_services(cluster="c", services=[service])["services"][0]["taskDefinition"]
    return ecs.describe_task_definition(taskDefinition=arn)["taskDefinition"]["containerDefinitions"][0]["image"]


def promotion():
    uri = ecr.create_repository(repositoryName="shop")["repository"]["repositoryUri"]
    ecs.create_cluster(clusterName="c")
    subnets = [s["SubnetId"] for s in boto3.client("ec2").describe_subnets()["Subnets"]]
    for name in ("staging", "production"):
        ecs.register_task_definition(
            family=name, networkMode="awsvpc", requiresCompatibilities=["FARGATE"], cpu="256", memory="512",
            containerDefinitions=[{"name": "shop", "image": "freeway/base:1", "command": ["sleep", "600"]}])
        ecs.create_service(cluster="c", serviceName=name, taskDefinition=name, desiredCount=1, launchType="FARGATE",
                           networkConfiguration={"awsvpcConfiguration": {"subnets": subnets[:1]}})
    shop = Repository("shop")
    files = {"Dockerfile": 'FROM freeway/base:1\nCOPY healthy /healthy\n', "healthy": "yes\n"}
    commit = shop.push(files)

    def deploy(name):
        return {"name": "Ship", "actionTypeId": kind("Deploy", "ECS"),
                "configuration": {"ClusterName": "c", "ServiceName": name}, "inputArtifacts": [{"name": "Definitions"}]}
    smoke = {"conditions": [{"result": "ROLLBACK", "rules": [{
        "name": "Smoke", "ruleTypeId": {"category": "Rule", "owner": "AWS", "provider": "Commands", "version": "1"},
        "commands": ["grep -q yes healthy"], "inputArtifacts": [{"name": "App"}]}]}]}
    create("shop", [
        source("shop"),
        {"name": "Build", "actions": [
            {"name": "Image", "namespace": "image", "actionTypeId": kind("Build", "ECRBuildAndPublish"),
             "configuration": {"ECRRepositoryName": "shop", "ImageTags": "latest"}, "inputArtifacts": [{"name": "App"}]},
            {"name": "Name", "runOrder": 2, "actionTypeId": kind("Compute", "Commands"),
             "commands": [f"""printf '[{{"name":"shop","imageUri":"{uri}:latest"}}]' > imagedefinitions.json"""],
             "inputArtifacts": [{"name": "App"}],
             "outputArtifacts": [{"name": "Definitions", "files": ["imagedefinitions.json"]}]}]},
        {"name": "Staging", "actions": [deploy("staging")], "onSuccess": smoke},
        {"name": "Approve", "actions": [approval()]},
        {"name": "Production", "actions": [deploy("production")]}])
    until("staging is deployed", lambda: stage("shop", "Approve").get("latestExecution", {}).get("status"),
          lambda s: s == "InProgress")
    details = pipes.list_action_executions(pipelineName="shop")["actionExecutionDetails"]
    digest = next(d for d in details if d["actionName"] == "Image")["output"]["outputVariables"]["ECRImageDigestId"]
    assert image("staging") == f"{uri}@{digest}", image("staging")

    # The tag goes elsewhere while somebody thinks; production gets what staging had.
    manifest = json.loads(ecr.batch_get_image(repositoryName="shop", imageIds=[{"imageDigest": digest}])["images"][0]["imageManifest"])
    manifest["annotations"] = {"not": "tested"}
    other = ecr.put_image(repositoryName="shop", imageManifest=json.dumps(manifest), imageTag="latest")["image"]["imageId"]["imageDigest"]
    assert other != digest
    approve("shop", "Approve")
    assert over("shop", commit)["status"] == "Succeeded"
    assert image("production") == f"{uri}@{digest}", image("production")

    # Where it came from stands beside the image.
    login = ecr.get_authorization_token()["authorizationData"][0]["authorizationToken"]
    ask = urllib.request.Request(f"{ENDPOINT}/v2/{ACCOUNT}/us-east-1/shop/referrers/{digest}",
                                 headers={"Authorization": "Basic " + login})
    referrers = json.load(urllib.request.urlopen(ask))["manifests"]
    assert [r["artifactType"] for r in referrers] == ["application/vnd.in-toto+json"], referrers
    layer = json.loads(ecr.batch_get_image(repositoryName="shop", imageIds=[{"imageDigest": referrers[0]["digest"]}])
                       ["images"][0]["imageManifest"])["layers"][0]["digest"]
    ask.full_url = f"{ENDPOINT}/v2/{ACCOUNT}/us-east-1/shop/blobs/{layer}"
    statement = json.load(urllib.request.urlopen(ask))
    assert statement["subject"][0]["digest"]["sha256"] == digest.removeprefix("sha256:"), statement
    made_from = statement["predicate"]["buildDefinition"]["resolvedDependencies"][0]
    assert made_from["digest"] == {"gitCommit": commit}, statement

    # A bad deployment: the smoke test takes staging back to what it had; production is not touched.
    bad = shop.push({"healthy": "no\n"})
    assert over("shop", bad)["status"] == "Failed"
    back = until("staging is rolled back", lambda: executions("shop")[0],
                 lambda e: e.get("executionType") == "ROLLBACK" and e["status"] != "InProgress")
    assert back["status"] == "Succeeded" and back["trigger"]["triggerType"] == "AutomatedRollback", back
    assert image("staging") == image("production") == f"{uri}@{digest}", image("staging")


def timed(check, *arguments):
    began = time.time()
    check(*arguments)
    print(check.__name__, f"{time.time() - began:.1f} s", flush=True)


# They know nothing of each other.
with ThreadPoolExecutor(2) as pool:
    checks = [pool.submit(timed, *c) for c in ((gates, pathlib.Path(sys.argv[1])), (promotion,), (monorepo,), (branches,))]
for check in checks:
    check.result()
