local n = 0
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/x-amz-json-1.1"
wrk.headers["X-Amz-Target"] = "AmazonSSM.PutParameter"
wrk.headers["X-Amz-Date"] = "20260101T000000Z"
wrk.headers["Authorization"] = "AWS4-HMAC-SHA256 Credential=000000000000/20260101/us-east-1/ssm/aws4_request, SignedHeaders=host;x-amz-date, Signature=0123456789abcdef"
-- Five thousand names, put again and again: versions pile up, as in long use.
request = function()
  n = n + 1
  local name = "/bench/" .. (n % 5000)
  return wrk.format(nil, nil, nil, '{"Name":"' .. name .. '","Value":"value ' .. n .. '","Type":"String","Overwrite":true}')
end
