"""Functions that run, as targets of other services; an alarm that tells somebody."""
import io
import json
import os
import time
import zipfile

import boto3

ENDPOINT = os.environ["AWS_ENDPOINT_URL"]


def client(service):
    return boto3.client(service, region_name="us-east-1", endpoint_url=ENDPOINT)


iam, functions, logs, s3, sns, sqs, cw = (client(s) for s in (
    "iam", "lambda", "logs", "s3", "sns", "sqs", "cloudwatch"))
ACCOUNT = client("sts").get_caller_identity()["Account"]


def until(what, look, seconds=120):
    end = time.time() + seconds
    while time.time() < end:
        found = look()
        if found:
            print(what)
            return found
        time.sleep(0.2)
    raise AssertionError("never: " + what)


role = iam.create_role(RoleName="worker", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}))["Role"]["Arn"]
code = io.BytesIO()
with zipfile.ZipFile(code, "w") as z:
    z.writestr("app.py", """
import base64, gzip, json

def handler(event, context):
    if 'awslogs' in event:
        event = json.loads(gzip.decompress(base64.b64decode(event['awslogs']['data'])))
    print('got', json.dumps(event))
    if event.get('fail'):
        raise ValueError('as asked')
    return {'name': context.function_name, 'sum': sum(event.get('numbers', []))}
""")
f = functions.create_function(FunctionName="worker", Runtime="python3.11", Role=role, Handler="app.handler",
                              Code={"ZipFile": code.getvalue()})["FunctionArn"]
functions.get_waiter("function_active_v2").wait(FunctionName="worker")
answer = functions.invoke(FunctionName="worker", Payload=json.dumps({"numbers": [1, 2, 3]}))
assert json.loads(answer["Payload"].read()) == {"name": "worker", "sum": 6}, answer
failed = functions.invoke(FunctionName="worker", Payload=json.dumps({"fail": True}))
assert failed["FunctionError"] == "Unhandled", failed
error = json.loads(failed["Payload"].read())
assert error["errorType"] == "ValueError" and error["errorMessage"] == "as asked", error
print("invoked; an exception is told")


def seen(word):
    return lambda: [e for e in logs.filter_log_events(
        logGroupName="/aws/lambda/worker", filterPattern='"' + word + '"')["events"] if "got" in e["message"]]


for service, source in [("sns", None), ("s3", "arn:aws:s3:::drop"), ("logs", None)]:
    functions.add_permission(FunctionName="worker", StatementId=service, Action="lambda:InvokeFunction",
                             Principal=f"{service}.amazonaws.com", **({"SourceArn": source} if source else {}))
topic = sns.create_topic(Name="news")["TopicArn"]
sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=f)
sns.publish(TopicArn=topic, Message="word-by-topic")
until("a topic invoked the function", seen("word-by-topic"))
s3.create_bucket(Bucket="drop")
s3.put_bucket_notification_configuration(Bucket="drop", NotificationConfiguration={"LambdaFunctionConfigurations": [
    {"LambdaFunctionArn": f, "Events": ["s3:ObjectCreated:*"]}]})
s3.put_object(Bucket="drop", Key="word-by-bucket", Body=b"x")
until("a bucket invoked it", seen("word-by-bucket"))
logs.create_log_group(logGroupName="app")
logs.create_log_stream(logGroupName="app", logStreamName="s")
logs.put_subscription_filter(logGroupName="app", filterName="errors", filterPattern="ERROR", destinationArn=f)
logs.put_log_events(logGroupName="app", logStreamName="s", logEvents=[
    {"timestamp": int(time.time() * 1000), "message": m} for m in ("fine", "ERROR word-by-filter")])
until("a subscription filter invoked it", seen("word-by-filter"))

queue = sqs.create_queue(QueueName="alarms")["QueueUrl"]
queue_arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
pager = sns.create_topic(Name="pager")["TopicArn"]
sns.subscribe(TopicArn=pager, Protocol="sqs", Endpoint=queue_arn, Attributes={"RawMessageDelivery": "true"})
cw.put_metric_alarm(AlarmName="errors", Namespace="App", MetricName="Errors", Statistic="Sum", Period=10,
                    EvaluationPeriods=1, Threshold=0, ComparisonOperator="GreaterThanThreshold",
                    TreatMissingData="notBreaching", AlarmActions=[pager])


def alarm():
    cw.put_metric_data(Namespace="App", MetricData=[{"MetricName": "Errors", "Value": 1, "StorageResolution": 1}])
    got = sqs.receive_message(QueueUrl=queue).get("Messages", [])
    return [m for m in got if json.loads(m["Body"])["NewStateValue"] == "ALARM"]


message = json.loads(until("the alarm told its topic", alarm)[0]["Body"])
assert message["AlarmName"] == "errors" and message["AWSAccountId"] == ACCOUNT, message
assert cw.describe_alarms(AlarmNames=["errors"])["MetricAlarms"][0]["StateValue"] == "ALARM"
print("all of it was seen")
