wrk.method = "POST"
wrk.body = [[{}]]
wrk.headers["Content-Type"] = "application/x-amz-json-1.1"
wrk.headers["X-Amz-Target"] = "CodePipeline_20150709.ListPipelines"
wrk.headers["X-Amz-Date"] = "20260101T000000Z"
wrk.headers["Authorization"] = "AWS4-HMAC-SHA256 Credential=000000000000/20260101/us-east-1/codepipeline/aws4_request, SignedHeaders=host;x-amz-date, Signature=0123456789abcdef"
