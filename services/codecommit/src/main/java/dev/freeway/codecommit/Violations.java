package dev.freeway.codecommit;

import dev.freeway.wire.AwsException;
import dev.freeway.wire.model.ServiceModel;
import dev.freeway.wire.protocol.Constraints;
import dev.freeway.wire.protocol.Constraints.Violation;
import java.util.List;

/// CodeCommit has an error of its own for each input that is missing or malformed.
final class Violations {
  private Violations() {}

  static AwsException error(ServiceModel model, List<Violation> violations) {
    Violation v = violations.getFirst();
    String path = v.path().replaceAll("\\..*", "");
    String name = Character.toUpperCase(path.charAt(0)) + path.substring(1);
    if (name.equals("OldName") || name.equals("NewName")) {
      name = "RepositoryName";
    } else if (name.equals("DefaultBranchName")) {
      name = "BranchName";
    }
    String code =
        v.kind() == Violation.Kind.REQUIRED
            ? name + "RequiredException"
            : "Invalid" + name + "Exception";
    return AwsException.client(
        model.error(code) == null ? "ValidationException" : code, Constraints.message(violations));
  }
}
