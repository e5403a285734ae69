package dev.freeway.s3;

import dev.freeway.wire.AwsException;
import dev.freeway.wire.protocol.Constraints.Violation;
import java.util.List;

/// What S3 says of input that its model does not allow.
final class Violations {
  private Violations() {}

  static AwsException error(List<Violation> violations) {
    Violation v = violations.getFirst();
    String value = v.value() == null ? "" : v.value();
    if (v.path().equals("storageClass")) {
      return AwsException.client(
              "InvalidStorageClass", "The storage class you specified is not valid")
          .with("StorageClassRequested", value);
    }
    if (v.path().equals("key") && v.kind() == Violation.Kind.LENGTH) {
      return AwsException.client("KeyTooLongError", "Your key is too long");
    }
    if (v.path().contains(".") || v.kind() == Violation.Kind.REQUIRED) {
      return S3Error.malformedXml();
    }
    return S3Error.invalidArgument("Invalid value for " + v.path(), v.path(), value);
  }
}
