"""With enforced policies, a service gets to a queue, topic or log group as far as its policy allows."""
import io
import json
import os
import time
import urllib.error
import urllib.request
import zipfile

import boto3

A, B = "000000000000", "111111111111"
ENDPOINT = os.environ["AWS_ENDPOINT_URL"]


def client(service, account=A):
    return boto3.client(service, region_name="us-east-1", aws_access_key_id=account,
                        aws_secret_access_key="x", endpoint_url=ENDPOINT)


sqs, sns, s3, events, cw, logs, iam = (
    client(s) for s in ("sqs", "sns", "s3", "events", "cloudwatch", "logs", "iam"))


def arn(service, name):
    return f"arn:aws:{service}:us-east-1:{A}:{name}"


def let(principal, action, resource, source=None):
    statement = {"Effect": "Allow", "Principal": {"Service": principal}, "Action": action, "Resource": resource}
    if source:
        statement["Condition"] = {"ArnLike": {"aws:SourceArn": source}, "StringEquals": {"aws:SourceAccount": A}}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def queue(name, *who):
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    if who:
        open_to(name, *who)
    return url


def open_to(name, principal, source=None):
    url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
    policy = let(principal, "sqs:SendMessage", arn("sqs", name), source)
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})


def take(url, seconds=20):
    got = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=seconds, MessageAttributeNames=["All"]).get("Messages", [])
    for m in got:
        sqs.delete_message(QueueUrl=url, ReceiptHandle=m["ReceiptHandle"])
    return got


def until(what, look, seconds=120):
    end = time.time() + seconds
    while time.time() < end:
        found = look()
        if found:
            print(what)
            return found
        time.sleep(0.2)
    raise AssertionError("never: " + what)


# A topic and a queue that does not know it.
topic = sns.create_topic(Name="news")["TopicArn"]
inbox, lost = queue("inbox"), queue("lost", "sns.amazonaws.com")
sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn("sqs", "inbox"), Attributes={
    "RawMessageDelivery": "true", "RedrivePolicy": json.dumps({"deadLetterTargetArn": arn("sqs", "lost")})})
sns.publish(TopicArn=topic, Message="one")
assert [m["Body"] for m in take(lost)] == ["one"]
open_to("inbox", "sns.amazonaws.com", arn("sns", "other"))
sns.publish(TopicArn=topic, Message="two")
assert [m["Body"] for m in take(lost)] == ["two"]
open_to("inbox", "sns.amazonaws.com", topic)
sns.publish(TopicArn=topic, Message="three")
assert [m["Body"] for m in take(inbox)] == ["three"]
print("a queue lets in the topic its policy names")

# A rule and the same, by the queue's policy and by a role.
rule = events.put_rule(Name="orders", EventPattern=json.dumps({"source": ["shop"]}))["RuleArn"]
orders, dead = queue("orders"), queue("dead", "events.amazonaws.com")


def target(**more):
    answer = events.put_targets(Rule="orders", Targets=[{
        "Id": "q", "Arn": arn("sqs", "orders"), "InputPath": "$.detail",
        "DeadLetterConfig": {"Arn": arn("sqs", "dead")}, **more}])
    assert answer["FailedEntryCount"] == 0, answer


def order(n):
    events.put_events(Entries=[{"Source": "shop", "DetailType": "order", "Detail": json.dumps({"n": n})}])


target()
order(1)
m = take(dead)[0]
assert m["MessageAttributes"]["ERROR_CODE"]["StringValue"] == "NO_PERMISSIONS", m
open_to("orders", "events.amazonaws.com", rule)
order(2)
assert [json.loads(m["Body"]) for m in take(orders)] == [{"n": 2}]
open_to("orders", "nobody.amazonaws.com")
role = iam.create_role(RoleName="sender", AssumeRolePolicyDocument=let(
    "events.amazonaws.com", "sts:AssumeRole", "*", rule).replace('"Resource": "*", ', ""))["Role"]["Arn"]
target(RoleArn=role)
order(3)
assert "sqs:SendMessage" in take(dead)[0]["MessageAttributes"]["ERROR_MESSAGE"]["StringValue"]
iam.put_role_policy(RoleName="sender", PolicyName="p", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": arn("sqs", "orders")}]}))
order(4)
assert [json.loads(m["Body"]) for m in take(orders)] == [{"n": 4}]
print("a rule gets to a queue by the queue's policy, or in a role that may")

# A rule and a log group.
logs.create_log_group(logGroupName="/aws/events/shop")
events.put_targets(Rule="orders", Targets=[{"Id": "q", "Arn": arn("logs", "log-group:/aws/events/shop"),
                                            "DeadLetterConfig": {"Arn": arn("sqs", "dead")}}])
order(5)
assert "logs:CreateLogStream" in take(dead)[0]["MessageAttributes"]["ERROR_MESSAGE"]["StringValue"]
logs.put_resource_policy(policyName="events", policyDocument=let(
    "events.amazonaws.com", ["logs:CreateLogStream", "logs:PutLogEvents"], arn("logs", "log-group:/aws/events/*:*")))
order(6)
until("a log group lets in EventBridge by its account's policy", lambda: [
    e for e in logs.filter_log_events(logGroupName="/aws/events/shop")["events"] if json.loads(e["message"])["detail"]["n"] == 6])

# A bucket, a queue and a topic.
s3.create_bucket(Bucket="drop")
told = queue("told")
wanted = {"QueueConfigurations": [{"QueueArn": arn("sqs", "told"), "Events": ["s3:ObjectCreated:*"]}],
          "TopicConfigurations": [{"TopicArn": topic, "Events": ["s3:ObjectRemoved:*"]}]}


def refused():
    try:
        s3.put_bucket_notification_configuration(Bucket="drop", NotificationConfiguration=wanted)
    except s3.exceptions.ClientError as e:
        assert "Unable to validate the following destination configurations" in str(e), e
        return True
    return False


assert refused()
open_to("told", "s3.amazonaws.com", "arn:aws:s3:::drop")
assert refused()
sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=let(
    "s3.amazonaws.com", "sns:Publish", topic, "arn:aws:s3:::dr*"))
assert not refused()
s3.put_object(Bucket="drop", Key="a", Body=b"a")
until("a bucket tells a queue that lets it in", lambda: any("ObjectCreated:Put" in m["Body"] for m in take(told, 1)))
s3.delete_object(Bucket="drop", Key="a")
until("and a topic", lambda: any("ObjectRemoved:Delete" in m["Body"] for m in take(inbox, 1)))

# An alarm gets by with a topic's own policy; a bucket would not.
plain = sns.create_topic(Name="plain")["TopicArn"]
sns.subscribe(TopicArn=plain, Protocol="sqs", Endpoint=arn("sqs", "inbox"))
open_to("inbox", "sns.amazonaws.com")
cw.put_metric_alarm(AlarmName="a", AlarmActions=[plain], Namespace="n", MetricName="m", Period=10, Statistic="Sum",
                    EvaluationPeriods=1, Threshold=1, ComparisonOperator="GreaterThanThreshold")
cw.set_alarm_state(AlarmName="a", StateValue="ALARM", StateReason="by hand")
until("an alarm tells a topic of its account", lambda: any("by hand" in m["Body"] for m in take(inbox, 1)))

# Another account's bus.
client("events", B).create_event_bus(Name="theirs")
bus = f"arn:aws:events:us-east-1:{B}:event-bus/theirs"
events.put_targets(Rule="orders", Targets=[{"Id": "q", "Arn": bus, "DeadLetterConfig": {"Arn": arn("sqs", "dead")}}])
order(7)
assert "events:PutEvents" in take(dead)[0]["MessageAttributes"]["ERROR_MESSAGE"]["StringValue"]
print("another account's bus is closed without a policy")

# A function's dead letters and queue are its role's affair.
functions = client("lambda")
worker = iam.create_role(RoleName="worker", AssumeRolePolicyDocument=let(
    "lambda.amazonaws.com", "sts:AssumeRole", "*").replace('"Resource": "*"', '"Sid": "a"'))["Role"]["Arn"]
code = io.BytesIO()
with zipfile.ZipFile(code, "w") as z:
    z.writestr("app.py", "def handler(event, context): pass")


def create():
    functions.create_function(FunctionName="f", Runtime="python3.11", Role=worker, Handler="app.handler",
                              Code={"ZipFile": code.getvalue()}, DeadLetterConfig={"TargetArn": arn("sqs", "dead")})


def connect():
    functions.create_event_source_mapping(FunctionName="f", EventSourceArn=arn("sqs", "orders"), Enabled=False)


for attempt, actions in [(create, ["SendMessage"]), (connect, ["ReceiveMessage", "DeleteMessage", "GetQueueAttributes"])]:
    try:
        attempt()
        raise AssertionError("a role without a permission was taken")
    except functions.exceptions.InvalidParameterValueException as e:
        assert f"The provided execution role does not have permissions to call {actions[0]} on SQS" in str(e), e
    iam.put_role_policy(RoleName="worker", PolicyName=actions[0], PolicyDocument=json.dumps({
        "Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["sqs:" + a for a in actions], "Resource": "*"}]}))
    attempt()
print("a function's role must reach its queues")

# Where a request comes from.
iam.create_user(UserName="ann")
key = iam.create_access_key(UserName="ann")["AccessKey"]
ann = boto3.client("s3", region_name="us-east-1", endpoint_url=ENDPOINT, aws_access_key_id=key["AccessKeyId"],
                   aws_secret_access_key=key["SecretAccessKey"])


def listing_from(addresses):
    iam.put_user_policy(UserName="ann", PolicyName="p", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*", "Condition": {"IpAddress": {"aws:SourceIp": addresses}}}]}))
    try:
        return "Contents" not in ann.list_objects_v2(Bucket="drop")
    except ann.exceptions.ClientError:
        return False


assert not listing_from(["10.0.0.0/8"]) and listing_from(["10.0.0.0/8", "127.0.0.0/8"])
print("aws:SourceIp counts")

# A website.
s3.put_bucket_website(Bucket="drop", WebsiteConfiguration={"IndexDocument": {"Suffix": "index.html"}})
s3.put_object(Bucket="drop", Key="index.html", Body=b"welcome", ContentType="text/html")


def visit(path):
    request = urllib.request.Request(ENDPOINT + path, headers={"Host": "drop.s3-website-us-east-1.localhost"})
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as e:
        return e.code, e.read()


assert visit("/")[0] == 403
s3.delete_public_access_block(Bucket="drop")
s3.put_bucket_policy(Bucket="drop", Policy=json.dumps({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::drop/*"}]}))
assert visit("/") == (200, b"welcome") and visit("/none")[0] == 403
print("a website shows what its bucket's policy lets everybody read")
print("all of it was seen")
