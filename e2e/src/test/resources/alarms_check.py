"""Metrics, math, alarms and their actions, as boto3 sees them. The server is killed between "before" and "after"."""
import json
import sys
import time
from datetime import datetime, timedelta, timezone

import boto3

cloudwatch, sns, sqs, events = (boto3.client(s) for s in ("cloudwatch", "sns", "sqs", "events"))
QUEUE = "arn:aws:sqs:us-east-1:000000000000:"
# The server's clock runs ahead of this one.
LONG = timedelta(days=1)


def total(name):
    now = datetime.now(timezone.utc)
    answer = cloudwatch.get_metric_data(
        StartTime=now - timedelta(hours=1), EndTime=now + LONG,
        MetricDataQueries=[
            {"Id": "m1", "ReturnData": False, "MetricStat": {
                "Metric": {"Namespace": "Shop", "MetricName": name}, "Period": 3600, "Stat": "Sum"}},
            {"Id": "e1", "Expression": "SUM(m1)"}])
    return answer["MetricDataResults"][0]["Values"][0]


def until(what, holds):
    end = time.time() + 120
    while not holds():
        if time.time() > end:
            sys.exit(f"never: {what}")
        time.sleep(0.2)


def messages(name):
    url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
    found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    return [json.loads(m["Body"]) for m in found]


def before():
    topic = sns.create_topic(Name="alarms")["TopicArn"]
    for name in ("told", "seen"):
        sqs.create_queue(QueueName=name)
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=QUEUE + "told")
    events.put_rule(Name="alarms", EventPattern=json.dumps({
        "source": ["aws.cloudwatch"], "detail": {"state": {"value": ["ALARM"]}}}))
    events.put_targets(Rule="alarms", Targets=[{"Id": "1", "Arn": QUEUE + "seen"}])
    for i in range(20):
        cloudwatch.put_metric_data(Namespace="Shop", MetricData=[{"MetricName": "Orders", "Value": i}])
    cloudwatch.put_metric_alarm(
        AlarmName="errors", Namespace="Shop", MetricName="Errors", Statistic="Sum", Period=60,
        EvaluationPeriods=1, Threshold=2, ComparisonOperator="GreaterThanThreshold",
        TreatMissingData="notBreaching", AlarmActions=[topic])
    cloudwatch.put_composite_alarm(AlarmName="any", AlarmRule='ALARM("errors")', AlarmActions=[topic])


def after():
    assert total("Orders") == 190, total("Orders")
    state = lambda: cloudwatch.describe_alarms(AlarmNames=["errors"])["MetricAlarms"][0]["StateValue"]
    until("quiet", lambda: state() == "OK")
    cloudwatch.put_metric_data(Namespace="Shop", MetricData=[{"MetricName": "Errors", "Value": 3}])
    until("rings", lambda: state() == "ALARM")
    told = {}
    until("told", lambda: told.update({json.loads(m["Message"])["AlarmName"]: m for m in messages("told")}) or len(told) == 2)
    message = json.loads(told["errors"]["Message"])
    assert message["NewStateValue"] == "ALARM" and message["Trigger"]["MetricName"] == "Errors", message
    seen = set()
    until("seen", lambda: seen.update(m["detail"]["alarmName"] for m in messages("seen")) or seen == {"errors", "any"})
    until("quiet again", lambda: state() == "OK")
    history = cloudwatch.describe_alarm_history(AlarmName="errors", HistoryItemType="StateUpdate")["AlarmHistoryItems"]
    assert [h["HistorySummary"] for h in history[:2]] == [
        "Alarm updated from ALARM to OK", "Alarm updated from OK to ALARM"], history
    print("alarms: ok")


{"before": before, "after": after}[sys.argv[1]]()
