"""ECS with real tasks: what containers see of their options, and services that heal, fail and roll back.

The server enforces policies, so every role has what it needs and no more. Its clock runs fast: what must take so and so
long is seen in the times that it gives. The parts know nothing of each other and run at once.
"""
import io
import json
import os
import socket
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor

import boto3

ENDPOINT = os.environ["AWS_ENDPOINT_URL"]


def client(service):
    return boto3.client(service, region_name="us-east-1", endpoint_url=ENDPOINT)


ecs, ec2, logs, iam, s3, cw, elb, functions, events = (client(s) for s in (
    "ecs", "ec2", "logs", "iam", "s3", "cloudwatch", "elbv2", "lambda", "events"))
ACCOUNT = client("sts").get_caller_identity()["Account"]
IMAGE, JAVA = "freeway/base:1", "freeway/java:25"
LOGS = {"logDriver": "awslogs", "options": {
    "awslogs-group": "tasks", "awslogs-region": "us-east-1", "awslogs-stream-prefix": "p"}}


def until(what, look, seconds=150):
    """Long enough for a slow machine: nobody waits for it where all is well."""
    end = time.time() + seconds
    while time.time() < end:
        found = look()
        if found:
            print(what, flush=True)
            return found
        time.sleep(0.2)
    raise AssertionError("never: " + what)


def role(name, principal, *actions):
    trust = json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"Service": principal}, "Action": "sts:AssumeRole"}]})
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    for action in actions:
        allow(name, action)
    return arn


def allow(role, action, resource="*"):
    iam.put_role_policy(RoleName=role, PolicyName=action.replace(":", "-").replace("*", "all"), PolicyDocument=json.dumps({
        "Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": resource}]}))


ROLE = role("execution", "ecs-tasks.amazonaws.com", "logs:CreateLogStream", "logs:PutLogEvents")
NETWORK = {"awsvpcConfiguration": {"subnets": [ec2.describe_subnets()["Subnets"][0]["SubnetId"]]}}
ecs.create_cluster(clusterName="c")
logs.create_log_group(logGroupName="tasks")
s3.create_bucket(Bucket="files")
s3.put_object(Bucket="files", Key="one.env", Body=b"COLOUR=green\nSHAPE=round\n")
s3.put_object(Bucket="files", Key="two.env", Body=b"COLOUR=red\n")


def container(name, script, **more):
    return {"name": name, "image": IMAGE, "command": ["bash", "-c", script], "logConfiguration": LOGS, **more}


def define(family, containers, fargate=True, **more):
    where = {"requiresCompatibilities": ["FARGATE"], "networkMode": "awsvpc", "cpu": "256", "memory": "512"}
    ecs.register_task_definition(**{"family": family, "executionRoleArn": ROLE, "containerDefinitions": containers,
                                    **(where if fargate else {"networkMode": "bridge"}), **more})
    return family


def run(family, fargate=True, **more):
    where = {"launchType": "FARGATE", "networkConfiguration": NETWORK} if fargate else {"launchType": "EC2"}
    answer = ecs.run_task(cluster="c", taskDefinition=family, **where, **more)
    assert not answer["failures"], answer
    return answer["tasks"][0]["taskArn"]


def task(arn):
    return ecs.describe_tasks(cluster="c", tasks=[arn])["tasks"][0]


def stopped(arn):
    until(f"{task(arn)['group']} has stopped", lambda: task(arn)["lastStatus"] == "STOPPED")
    return task(arn)


def named(t, name):
    return next(c for c in t["containers"] if c["name"] == name)


def said(arn, name="main"):
    stream = f"p/{name}/{arn.split('/')[-1]}"
    try:
        return [e["message"] for e in logs.get_log_events(
            logGroupName="tasks", logStreamName=stream, startFromHead=True)["events"]]
    except logs.exceptions.ResourceNotFoundException:
        return []


def bits(arn, field="CapBnd"):
    line = next(x for x in said(arn) if x.startswith(field))
    return int(line.split()[1], 16)


def service(name, family, count=1, **more):
    return ecs.create_service(cluster="c", serviceName=name, taskDefinition=family, desiredCount=count,
                              launchType="FARGATE", networkConfiguration=NETWORK, **more)["service"]


def state(name):
    return ecs.describe_services(cluster="c", services=[name])["services"][0]


def running(name):
    arns = ecs.list_tasks(cluster="c", serviceName=name, desiredStatus="RUNNING")["taskArns"]
    return ecs.describe_tasks(cluster="c", tasks=arns)["tasks"] if arns else []


def steady(name, revision=None, count=1):
    def look():
        s, ts = state(name), running(name)
        good = [t for t in ts if t["lastStatus"] == "RUNNING" and (revision is None or t["taskDefinitionArn"].endswith(revision))]
        done = [d["rolloutState"] for d in s["deployments"]] == ["COMPLETED"]
        return done and s["runningCount"] == count == len(ts) == len(good) and s
    return look


def retire(name):
    ecs.delete_service(cluster="c", service=name, force=True)


def last_deployment(name):
    arn = ecs.list_service_deployments(cluster="c", service=name)["serviceDeployments"][0]["serviceDeploymentArn"]
    return ecs.describe_service_deployments(serviceDeploymentArns=[arn])["serviceDeployments"][0]


# ---- the parts: one task and what its containers see

def files_of_variables():
    """A task gets as far as its execution role."""
    reader = role("reader", "ecs-tasks.amazonaws.com", "logs:CreateLogStream", "logs:PutLogEvents")
    define("files", [container("main", "echo $COLOUR", environmentFiles=[
        {"type": "s3", "value": "arn:aws:s3:::files/one.env"}])], executionRoleArn=reader)
    reason = stopped(run("files"))["stoppedReason"]
    print(reason)
    assert reason.startswith("ResourceInitializationError: failed to download env files:"), reason
    assert "s3:GetObject" in reason or "AccessDenied" in reason, reason
    allow("reader", "s3:GetObject", "arn:aws:s3:::files/*")
    allow("reader", "s3:GetBucketLocation", "arn:aws:s3:::files")
    arn = run("files")
    done = stopped(arn)
    assert named(done, "main")["exitCode"] == 0, done
    assert said(arn) == ["green"], said(arn)
    print("with s3:GetObject it runs")


def capabilities():
    ptrace, chown, raw, admin = 1 << 19, 1 << 0, 1 << 13, 1 << 21
    look = "cat /proc/self/status; ulimit -n; ulimit -Hn"
    define("plain", [container("main", look)])
    define("caps", [container("main", look + "; cat /proc/1/comm",
                              linuxParameters={"capabilities": {"add": ["SYS_PTRACE"], "drop": ["CHOWN", "NET_RAW"]},
                                               "initProcessEnabled": True},
                              ulimits=[{"name": "nofile", "softLimit": 300, "hardLimit": 400}])])
    define("raised", [container("main", look, memory=64, linuxParameters={
        "capabilities": {"add": ["SYS_ADMIN"], "drop": ["ALL"]}})], fargate=False)
    plain, caps, raised = run("plain"), run("caps"), run("raised", fargate=False)
    for arn in plain, caps, raised:
        stopped(arn)
    before, after = bits(plain), bits(caps)
    assert before & chown and before & raw and not before & ptrace, hex(before)
    assert not after & chown and not after & raw and after & ptrace, hex(after)
    assert bits(caps, "CapEff") == after, said(caps)
    assert "300" in said(caps) and "400" in said(caps), said(caps)
    assert said(caps)[-1] != "sh", ("an init is process 1", said(caps))
    print(f"capabilities {before:#x} and, with one added and two dropped, {after:#x}; nofile 300/400")
    assert bits(raised) == admin, hex(bits(raised))
    print("drop ALL, add SYS_ADMIN: one bit is left")


def names():
    define("names", [
        container("main", "cat /etc/hosts; for i in $(seq 900); do (exec 3<>/dev/tcp/store/7070) 2>/dev/null && echo linked && exit; "
                  "sleep 0.1; done", memory=64, extraHosts=[{"hostname": "db.example", "ipAddress": "10.1.2.3"}], links=["back:store"]),
        container("back", "exec java -m jdk.httpserver -p 7070 -b 0.0.0.0 -d /tmp", image=JAVA, memory=128, essential=False)],
        fargate=False)
    arn = run("names", fargate=False)
    stopped(arn)
    lines = [x.split() for x in said(arn)]
    assert ["10.1.2.3", "db.example"] in lines, lines
    assert ["linked"] in lines, lines
    print("extraHosts and links: " + "; ".join(said(arn)))


def overrides():
    second = role("second", "ecs-tasks.amazonaws.com", "logs:*", "s3:*")
    define("overridden", [container("main", "echo never"), container("other", "sleep 60", essential=False)])
    arn = run("overridden", overrides={
        "cpu": "512", "memory": "1024", "executionRoleArn": second, "taskRoleArn": second,
        "containerOverrides": [{
            "name": "main", "command": ["sh", "-c", "echo $COLOUR $SHAPE $SIZE; cat /sys/fs/cgroup/memory/memory.limit_in_bytes "
                                        "/sys/fs/cgroup/memory.max 2>/dev/null; test -n \"$AWS_CONTAINER_CREDENTIALS_RELATIVE_URI\" && echo role"],
            "environment": [{"name": "SIZE", "value": "big"}], "memory": 200,
            "environmentFiles": [{"type": "s3", "value": "arn:aws:s3:::files/two.env"},
                                 {"type": "s3", "value": "arn:aws:s3:::files/one.env"}]}]})
    done = stopped(arn)
    assert (done["cpu"], done["memory"]) == ("512", "1024"), done
    assert done["overrides"]["executionRoleArn"] == second and done["overrides"]["taskRoleArn"] == second, done["overrides"]
    lines = said(arn)
    assert lines[0] == "red round big" and "role" in lines, lines
    assert str(200 << 20) in lines, ("the container's limit", lines)
    assert not said(arn, "other") and named(done, "other")["exitCode"] == 143, done
    print("overrides: " + " ".join(lines))


def order():
    define("order", [
        container("main", "cat /data/log", dependsOn=[
            {"containerName": "first", "condition": "SUCCESS"}, {"containerName": "web", "condition": "HEALTHY"},
            {"containerName": "last", "condition": "COMPLETE"}, {"containerName": "web", "condition": "START"}],
            mountPoints=[{"sourceVolume": "v", "containerPath": "/data", "readOnly": True}]),
        container("first", "echo first >> /data/log", essential=False, mountPoints=[{"sourceVolume": "v", "containerPath": "/data"}]),
        container("last", "sleep 0.5; echo last >> /data/log; exit 3", essential=False,
                  dependsOn=[{"containerName": "first", "condition": "COMPLETE"}],
                  mountPoints=[{"sourceVolume": "v", "containerPath": "/data"}]),
        container("web", "sleep 1; touch /tmp/ready; sleep 600", essential=False,
                  healthCheck={"command": ["CMD-SHELL", "test -e /tmp/ready"], "interval": 5, "retries": 10, "timeout": 60,
                               "startPeriod": 300})],
        volumes=[{"name": "v"}])
    arn = run("order")
    done = stopped(arn)
    assert said(arn) == ["first", "last"], said(arn)
    assert named(done, "last")["exitCode"] == 3 and named(done, "web")["healthStatus"] == "HEALTHY", done
    print("dependsOn: START, SUCCESS, COMPLETE and HEALTHY; a volume of four containers")


def start_timeout():
    define("never", [
        container("main", "echo never", dependsOn=[{"containerName": "slow", "condition": "HEALTHY"}]),
        # Without its start timeout it would be waited for ten minutes.
        container("slow", "sleep 600", startTimeout=3, essential=False, stopTimeout=2,
                  healthCheck={"command": ["CMD-SHELL", "exit 1"], "interval": 60, "retries": 10})])
    done = stopped(run("never"))
    assert (done["stoppingAt"] - done["createdAt"]).total_seconds() < 500, "startTimeout of 3 s"
    assert done["stopCode"] == "TaskFailedToStart" and "slow" in done["stoppedReason"], done["stoppedReason"]
    print(f"startTimeout: {done['stoppedReason']}")


def stop_timeout():
    # More than the 30 seconds that are given without a stopTimeout.
    define("stubborn", [container("main", "trap '' TERM; echo deaf; while :; do sleep 0.1; done", stopTimeout=40)])
    arn = run("stubborn")
    until("a container that ignores TERM runs", lambda: said(arn) == ["deaf"])
    ecs.stop_task(cluster="c", task=arn, reason="enough")
    done = stopped(arn)
    took = (done["stoppedAt"] - done["stoppingAt"]).total_seconds()
    assert 40 <= took and named(done, "main")["exitCode"] == 137 and done["stoppedReason"] == "enough", (took, done)
    assert done["stopCode"] == "UserInitiated", done
    print(f"killed {took:.1f} s after the stop, its stopTimeout is 40 s")


# ---- services

def sick():
    check = {"command": ["CMD-SHELL", "test ! -e /tmp/sick"], "interval": 5, "timeout": 60, "retries": 1}
    define("sick", [container("main", "sleep 600", stopTimeout=2, healthCheck=check)])
    define("sick", [container("main", "sleep 2; touch /tmp/sick; sleep 600", stopTimeout=2, healthCheck=check)])
    service("sick", "sick:1")
    first = until("a service with a health check is steady", lambda: steady("sick")() and running("sick"))[0]
    until("its task is healthy", lambda: task(first["taskArn"])["healthStatus"] == "HEALTHY")
    ecs.update_service(cluster="c", service="sick", taskDefinition="sick:2")
    failed = until("an unhealthy task is replaced", lambda: [
        t for t in ecs.describe_tasks(cluster="c", tasks=ecs.list_tasks(
            cluster="c", serviceName="sick", desiredStatus="STOPPED")["taskArns"] or ["x"])["tasks"]
        if t["healthStatus"] == "UNHEALTHY"])[0]
    assert "health" in failed["stoppedReason"].lower(), failed["stoppedReason"]
    print("unhealthy: " + failed["stoppedReason"])
    retire("sick")


def fuse():
    service("fuse", "web:1", deploymentConfiguration={
        "deploymentCircuitBreaker": {"enable": True, "rollback": True}, "minimumHealthyPercent": 100, "maximumPercent": 200})
    until("a service runs web:1", steady("fuse", "web:1"))
    ecs.update_service(cluster="c", service="fuse", taskDefinition="broken")
    until("the circuit breaker opens", lambda: any(
        "deployment failed: tasks failed to start" in e["message"] for e in state("fuse")["events"]))
    until("and the service is back on web:1", steady("fuse", "web:1"))
    until("which is told of its deployment", lambda: last_deployment("fuse")["status"] == "ROLLBACK_SUCCESSFUL")
    retire("fuse")


def watched():
    # A deployment is watched for as long as the alarm looks back: two minutes, in which it must have gone off.
    cw.put_metric_alarm(AlarmName="errors", Namespace="app", MetricName="errors", Statistic="Sum", Period=10,
                        EvaluationPeriods=12, DatapointsToAlarm=1, Threshold=1,
                        ComparisonOperator="GreaterThanOrEqualToThreshold", TreatMissingData="notBreaching")
    service("watched", "web:1")
    until("a service runs web:1 without an alarm", steady("watched", "web:1"))
    ecs.update_service(cluster="c", service="watched", taskDefinition="web:2", deploymentConfiguration={
        "alarms": {"alarmNames": ["errors"], "enable": True, "rollback": True}, "minimumHealthyPercent": 100,
        "maximumPercent": 200})
    until("web:2 starts", lambda: any(t["taskDefinitionArn"].endswith("web:2") for t in running("watched")))
    cw.put_metric_data(Namespace="app", MetricData=[{"MetricName": "errors", "Value": 5, "StorageResolution": 1}])
    until("the alarm goes off", lambda: cw.describe_alarms(AlarmNames=["errors"])["MetricAlarms"][0]["StateValue"] == "ALARM")
    until("the deployment is rolled back by the alarm", lambda: any(
        "alarm detected" in e["message"] for e in state("watched")["events"]))
    until("and the service is back on web:1 again", steady("watched", "web:1"))
    print([e["message"] for e in state("watched")["events"] if "alarm" in e["message"]][0])
    retire("watched")


def blue_green():
    """And a function that says no."""
    worker = role("worker", "lambda.amazonaws.com", "logs:*")
    hooks = role("hooks", "ecs.amazonaws.com", "lambda:InvokeFunction", "elasticloadbalancing:*")
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as z:
        z.writestr("app.py", "def handler(event, context):\n    print(event['lifecycleStage'])\n"
                             "    return {'hookStatus': 'FAILED' if event['lifecycleStage'] == 'POST_TEST_TRAFFIC_SHIFT' else 'SUCCEEDED'}\n")
    judge = functions.create_function(FunctionName="judge", Runtime="python3.11", Role=worker, Handler="app.handler", Timeout=60,
                                      Code={"ZipFile": code.getvalue()})["FunctionArn"]
    functions.get_waiter("function_active_v2").wait(FunctionName="judge")
    vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    subnets = [s["SubnetId"] for s in ec2.describe_subnets()["Subnets"]][:2]
    balancer = elb.create_load_balancer(Name="edge", Subnets=subnets)["LoadBalancers"][0]["LoadBalancerArn"]
    groups = [elb.create_target_group(Name=n, Protocol="HTTP", Port=8000, VpcId=vpc, TargetType="ip", HealthCheckIntervalSeconds=5,
                                      HealthCheckTimeoutSeconds=4, HealthyThresholdCount=2)["TargetGroups"][0]["TargetGroupArn"]
              for n in ("blue", "green")]
    for g in groups:
        elb.modify_target_group_attributes(TargetGroupArn=g, Attributes=[{"Key": "deregistration_delay.timeout_seconds", "Value": "1"}])
    listener = elb.create_listener(LoadBalancerArn=balancer, Protocol="HTTP", Port=free_port(), DefaultActions=[
        {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}])["Listeners"][0]["ListenerArn"]
    rule = elb.create_rule(ListenerArn=listener, Priority=1, Conditions=[{"Field": "path-pattern", "Values": ["/*"]}], Actions=[
        {"Type": "forward", "ForwardConfig": {"TargetGroups": [
            {"TargetGroupArn": groups[0], "Weight": 1}, {"TargetGroupArn": groups[1], "Weight": 0}]}}])["Rules"][0]["RuleArn"]
    for colour in ("blue", "green"):
        define("page", [container("main", f"mkdir /w && echo {colour} > /w/index.html && exec java -m jdk.httpserver -p 8000 -b 0.0.0.0 -d /w",
                                  image=JAVA, stopTimeout=2, portMappings=[{"containerPort": 8000}])])
    service("page", "page:1", deploymentConfiguration={"strategy": "BLUE_GREEN", "bakeTimeInMinutes": 0},
            # Java takes its time to start, above all by a clock that is fast.
            healthCheckGracePeriodSeconds=600,
            loadBalancers=[{"targetGroupArn": groups[0], "containerName": "main", "containerPort": 8000, "advancedConfiguration": {
                "alternateTargetGroupArn": groups[1], "productionListenerRule": rule, "roleArn": hooks}}])
    until("blue is deployed", lambda: last_deployment("page")["status"] == "SUCCESSFUL")
    ecs.update_service(cluster="c", service="page", taskDefinition="page:2", deploymentConfiguration={
        "strategy": "BLUE_GREEN", "bakeTimeInMinutes": 0, "lifecycleHooks": [{
            "hookTargetArn": judge, "roleArn": hooks, "lifecycleStages": ["POST_SCALE_UP", "POST_TEST_TRAFFIC_SHIFT"]}]})
    until("green is rolled back when the function says FAILED",
          lambda: last_deployment("page")["status"] == "ROLLBACK_SUCCESSFUL")
    assert [t["taskDefinitionArn"].split("/")[-1] for t in running("page")] == ["page:1"], running("page")
    until("the function was asked at both stages", lambda: {"POST_SCALE_UP", "POST_TEST_TRAFFIC_SHIFT"} <= {
        e["message"].strip() for e in logs.filter_log_events(logGroupName="/aws/lambda/judge")["events"]})
    print(last_deployment("page").get("statusReason"))
    retire("page")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def by_the_clock():
    starter = role("starter", "events.amazonaws.com", "ecs:RunTask", "iam:PassRole")
    define("job", [container("main", "echo by the clock: $WORD")])
    events.put_rule(Name="often", ScheduleExpression="rate(1 minute)")
    events.put_targets(Rule="often", Targets=[{
        "Id": "1", "Arn": f"arn:aws:ecs:us-east-1:{ACCOUNT}:cluster/c", "RoleArn": starter,
        "Input": json.dumps({"containerOverrides": [{"name": "main", "environment": [{"name": "WORD", "value": "now"}]}]}),
        "EcsParameters": {"TaskDefinitionArn": f"arn:aws:ecs:us-east-1:{ACCOUNT}:task-definition/job", "LaunchType": "FARGATE",
                          "NetworkConfiguration": {"awsvpcConfiguration": {"Subnets": NETWORK["awsvpcConfiguration"]["subnets"]}}}}])
    arn = until("a task was started by the clock", lambda: ecs.list_tasks(
        cluster="c", family="job", desiredStatus="STOPPED")["taskArns"])[0]
    events.disable_rule(Name="often")
    until("with its overrides", lambda: said(arn) == ["by the clock: now"])
    assert task(arn)["startedBy"].startswith("events-rule/"), task(arn)["startedBy"]


ecs.register_container_instance(cluster="c", totalResources=[
    {"name": "CPU", "type": "INTEGER", "integerValue": 4096}, {"name": "MEMORY", "type": "INTEGER", "integerValue": 8192}])
define("web", [container("main", "sleep 600", stopTimeout=2)])
define("web", [container("main", "sleep 600 # two", stopTimeout=2)])
# It never runs. One that runs for a moment may have been seen to, and then its deployment is complete.
define("broken", [container("main", "sleep 600", dependsOn=[{"containerName": "first", "condition": "SUCCESS"}]),
                  container("first", "exit 7", essential=False)])

PARTS = [by_the_clock, blue_green, watched, sick, fuse, stop_timeout, names, order, start_timeout, files_of_variables, capabilities,
         overrides]
# Not more at a time: each has containers that start.
with ThreadPoolExecutor(6) as pool:
    running_parts = [pool.submit(p) for p in PARTS]
failed = [(p.__name__, r.exception()) for p, r in zip(PARTS, running_parts) if r.exception()]
for name, error in failed:
    print(f"FAILED: {name}: {error!r}")
assert not failed, [name for name, _ in failed]
