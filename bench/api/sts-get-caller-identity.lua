wrk.method = "POST"
wrk.body = [[Action=GetCallerIdentity&Version=2011-06-15]]
wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"

wrk.headers["X-Amz-Date"] = "20260101T000000Z"
wrk.headers["Authorization"] = "AWS4-HMAC-SHA256 Credential=000000000000/20260101/us-east-1/sts/aws4_request, SignedHeaders=host;x-amz-date, Signature=0123456789abcdef"
