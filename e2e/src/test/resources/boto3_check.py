"""What boto3 users do first, with every protocol that the services here speak. Fails loudly."""
import io

import boto3
import botocore.exceptions


def refused(code, call, **arguments):
    try:
        call(**arguments)
    except botocore.exceptions.ClientError as e:
        assert e.response["Error"]["Code"] == code, e.response
        assert e.response["ResponseMetadata"]["RequestId"], e.response
        return e.response
    raise AssertionError(f"{call} should have answered {code}")


sts = boto3.client("sts")
assert sts.get_caller_identity()["Account"] == "000000000000"

iam = boto3.client("iam")
trust = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":"*"}}]}'
role = iam.create_role(RoleName="boto", AssumeRolePolicyDocument=trust)["Role"]
refused("EntityAlreadyExists", iam.create_role, RoleName="boto", AssumeRolePolicyDocument=trust)
refused("MalformedPolicyDocument", iam.create_role, RoleName="bad", AssumeRolePolicyDocument="{")
credentials = sts.assume_role(RoleArn=role["Arn"], RoleSessionName="sess")["Credentials"]
session = boto3.client(
    "sts",
    aws_access_key_id=credentials["AccessKeyId"],
    aws_secret_access_key=credentials["SecretAccessKey"],
    aws_session_token=credentials["SessionToken"],
)
assert session.get_caller_identity()["Arn"] == "arn:aws:sts::000000000000:assumed-role/boto/sess"

ssm = boto3.client("ssm")
for i in range(25):
    ssm.put_parameter(Name=f"/boto/{i:02}", Value=str(i), Type="String")
names = [p["Name"] for page in ssm.get_paginator("get_parameters_by_path").paginate(Path="/boto") for p in page["Parameters"]]
assert names == [f"/boto/{i:02}" for i in range(25)], names
other = boto3.client("ssm", region_name="eu-west-1")
refused("ParameterNotFound", other.get_parameter, Name="/boto/00")

logs = boto3.client("logs")
logs.create_log_group(logGroupName="g")
logs.create_log_stream(logGroupName="g", logStreamName="s")
import time

now = int(time.time() * 1000)
logs.put_log_events(logGroupName="g", logStreamName="s", logEvents=[{"timestamp": now + i, "message": f"line {i}"} for i in range(100)])
found = logs.filter_log_events(logGroupName="g", filterPattern='"line 42"')["events"]
assert [e["message"] for e in found] == ["line 42"], found

s3 = boto3.client("s3")
s3.create_bucket(Bucket="boto-bucket")
s3.put_object(Bucket="boto-bucket", Key="a key/with spaces+and ünïcode", Body=b"hello", Metadata={"m": "v"})
got = s3.get_object(Bucket="boto-bucket", Key="a key/with spaces+and ünïcode")
assert got["Body"].read() == b"hello" and got["Metadata"] == {"m": "v"}
assert s3.get_object(Bucket="boto-bucket", Key="a key/with spaces+and ünïcode", Range="bytes=1-2")["Body"].read() == b"el"
refused("NoSuchKey", s3.get_object, Bucket="boto-bucket", Key="none")
refused("NoSuchBucket", s3.list_objects_v2, Bucket="no-such-bucket-here")
s3.upload_fileobj(io.BytesIO(b"x" * (20 << 20)), "boto-bucket", "multipart")
assert s3.head_object(Bucket="boto-bucket", Key="multipart")["ContentLength"] == 20 << 20
url = s3.generate_presigned_url("get_object", Params={"Bucket": "boto-bucket", "Key": "multipart"})
import urllib.request

assert len(urllib.request.urlopen(url).read()) == 20 << 20

ec2 = boto3.client("ec2")
vpc = ec2.describe_vpcs(Filters=[{"Name": "isDefault", "Values": ["true"]}])["Vpcs"][0]
assert vpc["CidrBlock"] == "172.31.0.0/16"
refused("InvalidVpcID.NotFound", ec2.describe_vpcs, VpcIds=["vpc-00000000000000000"])

events = boto3.client("events")
events.put_rule(Name="r", EventPattern='{"source": ["app"]}')
events.put_targets(Rule="r", Targets=[{"Id": "1", "Arn": "arn:aws:logs:us-east-1:000000000000:log-group:g"}])
events.put_events(Entries=[{"Source": "app", "DetailType": "t", "Detail": '{"n": 1}'}])
deadline = time.time() + 20
while not logs.filter_log_events(logGroupName="g", filterPattern="{ $.detail.n = 1 }")["events"]:
    assert time.time() < deadline, "the event did not reach the log group"
print("boto3: all checks passed")
