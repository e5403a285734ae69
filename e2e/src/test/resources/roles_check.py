"""With enforced policies, pipelines and builds do what their roles allow, step by step."""
import json
import os
import time

import boto3

A, B = "000000000000", "111111111111"
ENDPOINT = os.environ["AWS_ENDPOINT_URL"]


def client(service, account=A):
    return boto3.client(service, region_name="us-east-1", aws_access_key_id=account,
                        aws_secret_access_key="x", endpoint_url=ENDPOINT)


iam, s3, cp, cb = client("iam"), client("s3"), client("codepipeline"), client("codebuild")


def trust(principal):
    return json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}]})


def allow(name, action, resource="*", of=iam, role="delivery"):
    of.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": resource}]}))


def action(category, provider, configuration, inputs=(), outputs=(), **more):
    return {"name": provider, "actionTypeId": {"category": category, "owner": "AWS", "provider": provider,
                                               "version": "1"},
            "configuration": configuration, "inputArtifacts": [{"name": n} for n in inputs],
            "outputArtifacts": [{"name": n} for n in outputs], **more}


def ended(execution, since=None):
    """The failed action's error, or None when the execution succeeded."""
    for _ in range(1800):
        status = cp.get_pipeline_execution(pipelineName="p", pipelineExecutionId=execution)["pipelineExecution"]["status"]
        if status != "InProgress":
            break
        time.sleep(0.1)
    if status == "Succeeded":
        return None
    state = cp.get_pipeline_state(name="p")["stageStates"]
    for stage in state:
        for a in stage["actionStates"]:
            error = a.get("latestExecution", {}).get("errorDetails")
            if error and a["latestExecution"]["status"] == "Failed":
                return stage["stageName"], error
    raise AssertionError(f"{status}: {state}")


def retry(stage):
    return cp.retry_stage_execution(pipelineName="p", stageName=stage, retryMode="FAILED_ACTIONS",
                                    pipelineExecutionId=execution)["pipelineExecutionId"]


def refused(stage, *words):
    where, error = ended(execution)
    assert where == stage, (where, error)
    for word in words:
        assert word in error["message"], error
    print(f"{stage}: {error['code']}: {error['message']}")


iam.create_role(RoleName="delivery", AssumeRolePolicyDocument=trust(
    {"Service": ["codepipeline.amazonaws.com", "codebuild.amazonaws.com"]}))
role = f"arn:aws:iam::{A}:role/delivery"
s3.create_bucket(Bucket="artifacts")
client("codecommit").create_repository(repositoryName="app")
client("codecommit").put_file(repositoryName="app", branchName="main", filePath="index.html", fileContent=b"<h1>hi</h1>")
client("ssm").put_parameter(Name="/app/colour", Value="green", Type="String")
buildspec = """version: 0.2
env:
  parameter-store:
    COLOUR: /app/colour
phases:
  build:
    commands: [ "echo $COLOUR > colour.txt" ]
artifacts:
  files: [ "**/*" ]
"""
cb.create_project(name="app", serviceRole=role, source={"type": "CODEPIPELINE", "buildspec": buildspec},
                  artifacts={"type": "CODEPIPELINE"},
                  environment={"type": "LINUX_CONTAINER", "image": "aws/codebuild/standard:7.0",
                               "computeType": "BUILD_GENERAL1_SMALL"})
# The last stage acts in another account, in a role of that account.
client("iam", B).create_role(RoleName="publisher", AssumeRolePolicyDocument=trust({"AWS": f"arn:aws:iam::{A}:root"}))
client("s3", B).create_bucket(Bucket="site-of-b")
cp.create_pipeline(pipeline={"name": "p", "roleArn": role, "pipelineType": "V2", "artifactStore": {
    "type": "S3", "location": "artifacts"}, "stages": [
    {"name": "Source", "actions": [action("Source", "CodeCommit", {
        "RepositoryName": "app", "BranchName": "main"}, outputs=["src"])]},
    {"name": "Build", "actions": [action("Build", "CodeBuild", {"ProjectName": "app"}, ["src"], ["out"])]},
    {"name": "Publish", "actions": [action("Deploy", "S3", {"BucketName": "site-of-b", "Extract": "true"}, ["out"],
                                           roleArn=f"arn:aws:iam::{B}:role/publisher")]}]})
execution = cp.list_pipeline_executions(pipelineName="p")["pipelineExecutionSummaries"][0]["pipelineExecutionId"]

refused("Source", "assumed-role/delivery/", "is not authorized to perform: s3:PutObject")
allow("artifacts", "s3:*", "arn:aws:s3:::artifacts/*")
retry("Source")
refused("Source", "codecommit:GetBranch", f"arn:aws:codecommit:us-east-1:{A}:app")
allow("source", ["codecommit:GetBranch", "codecommit:GetCommit", "codecommit:UploadArchive"])
retry("Source")
refused("Build", "codebuild:StartBuild", ":project/app")
allow("build", ["codebuild:StartBuild", "codebuild:BatchGetBuilds"])
retry("Build")
refused("Build")
builds = cb.batch_get_builds(ids=cb.list_builds()["ids"])["builds"]
said = [p["contexts"][0] for p in builds[0]["phases"] if p.get("contexts")]
assert any(c["statusCode"] == "ACCESS_DENIED" and "does not allow AWS CodeBuild to create Amazon CloudWatch Logs"
           in c["message"] for c in said), said
assert "logGroups" not in [g for g in client("logs").describe_log_groups()["logGroups"]]
allow("logs", "logs:*")
retry("Build")
refused("Build")
builds = cb.batch_get_builds(ids=cb.list_builds()["ids"])["builds"]
said = [p["contexts"][0] for p in builds[0]["phases"] if p.get("contexts")]
assert any("ssm:GetParameters" in c["message"] for c in said), said
allow("parameters", "ssm:GetParameters", f"arn:aws:ssm:us-east-1:{A}:parameter/app/*")
retry("Build")
refused("Publish", f"assumed-role/delivery/", "sts:AssumeRole", f"arn:aws:iam::{B}:role/publisher")
allow("publish", "sts:AssumeRole", f"arn:aws:iam::{B}:role/publisher")
retry("Publish")
refused("Publish", f"arn:aws:sts::{B}:assumed-role/publisher/", "s3:GetObject")
allow("all", "s3:*", of=client("iam", B), role="publisher")
retry("Publish")
refused("Publish", "AccessDenied")  # the bucket is of the first account, and does not let the second in
s3.put_bucket_policy(Bucket="artifacts", Policy=json.dumps({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{B}:root"}, "Action": "s3:Get*",
     "Resource": "arn:aws:s3:::artifacts/*"}]}))
retry("Publish")
assert ended(execution) is None
site = client("s3", B)
assert site.get_object(Bucket="site-of-b", Key="colour.txt")["Body"].read() == b"green\n"
print("published in the other account: colour.txt is green")

# A task gets as far as its execution role.
ecs = client("ecs")
iam.create_role(RoleName="execution", AssumeRolePolicyDocument=trust({"Service": "ecs-tasks.amazonaws.com"}))
client("logs").create_log_group(logGroupName="tasks")
client("ecr").create_repository(repositoryName="team/app")
ecs.create_cluster(clusterName="c")


def task(image):
    ecs.register_task_definition(
        family="t", requiresCompatibilities=["FARGATE"], networkMode="awsvpc", cpu="256", memory="512",
        executionRoleArn=f"arn:aws:iam::{A}:role/execution", containerDefinitions=[{
            "name": "main", "image": image, "command": ["sh", "-c", "echo $COLOUR; exit 3"],
            "secrets": [{"name": "COLOUR", "valueFrom": "/app/colour"}],
            "logConfiguration": {"logDriver": "awslogs", "options": {
                "awslogs-group": "tasks", "awslogs-region": "us-east-1", "awslogs-stream-prefix": "p"}}}])
    arn = ecs.run_task(cluster="c", taskDefinition="t", launchType="FARGATE", networkConfiguration={
        "awsvpcConfiguration": {"subnets": [client("ec2").describe_subnets()["Subnets"][0]["SubnetId"]]}})["tasks"][0]["taskArn"]
    for _ in range(1200):
        t = ecs.describe_tasks(cluster="c", tasks=[arn])["tasks"][0]
        if t["lastStatus"] == "STOPPED":
            print("task: " + t["stoppedReason"])
            return t
        time.sleep(0.1)
    raise AssertionError(t)


ours, ecr = "freeway/base:1", f"{A}.dkr.ecr.us-east-1.amazonaws.com/team/app:1"
assert "is not authorized to perform: ecr:GetAuthorizationToken" in task(ecr)["stoppedReason"]
allow("pull", ["ecr:GetAuthorizationToken", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"], role="execution")
assert "ssm:GetParameters" in task(ecr)["stoppedReason"]
allow("secrets", "ssm:GetParameters", role="execution")
stopped = task(ecr)["stoppedReason"]
assert "failed to create Cloudwatch log stream: AccessDeniedException" in stopped, stopped
allow("logs", ["logs:CreateLogStream", "logs:PutLogEvents"], role="execution")
assert task(ecr)["stoppedReason"].startswith("CannotPullContainerError"), "nothing was pushed"
done = task(ours)
assert done["containers"][0]["exitCode"] == 3, done
for _ in range(600):
    said = client("logs").filter_log_events(logGroupName="tasks")["events"]
    if said:
        break
    time.sleep(0.1)
assert said[0]["message"] == "green", said
