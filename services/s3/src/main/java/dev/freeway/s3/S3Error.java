package dev.freeway.s3;

import dev.freeway.wire.AwsException;

/// S3's errors: few of them are in its model.
final class S3Error {
  private S3Error() {}

  static AwsException noSuchBucket(String name) {
    return AwsException.of("NoSuchBucket", 404, "The specified bucket does not exist")
        .with("BucketName", name);
  }

  static AwsException noSuchKey(String key) {
    return AwsException.of("NoSuchKey", 404, "The specified key does not exist.").with("Key", key);
  }

  static AwsException noSuchVersion(String key, String version) {
    return AwsException.of("NoSuchVersion", 404, "The specified version does not exist.")
        .with("Key", key)
        .with("VersionId", version);
  }

  static AwsException noSuchUpload(String id) {
    return AwsException.of(
            "NoSuchUpload",
            404,
            "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.")
        .with("UploadId", id);
  }

  static AwsException accessDenied() {
    return AwsException.of("AccessDenied", 403, "Access Denied");
  }

  static AwsException preconditionFailed(String condition) {
    return AwsException.of(
            "PreconditionFailed",
            412,
            "At least one of the pre-conditions you specified did not hold")
        .with("Condition", condition);
  }

  static AwsException invalidArgument(String message, String name, String value) {
    return AwsException.client("InvalidArgument", message)
        .with("ArgumentName", name)
        .with("ArgumentValue", value);
  }

  static AwsException invalidRequest(String message) {
    return AwsException.client("InvalidRequest", message);
  }

  static AwsException malformedXml() {
    return AwsException.client(
        "MalformedXML",
        "The XML you provided was not well-formed or did not validate against our published schema");
  }

  static AwsException notFound(String code, String message, String bucket) {
    return AwsException.of(code, 404, message).with("BucketName", bucket);
  }
}
