package dev.freeway.cloudwatch;

import dev.freeway.cloudwatch.api.CloudwatchErrors;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.protocol.Constraints;
import dev.freeway.wire.protocol.Constraints.Violation;
import java.util.List;

/// Errors in CloudWatch's words.
final class Refusals {
  private Refusals() {}

  static AwsException value(String message) {
    return CloudwatchErrors.invalidParameterValueException(message);
  }

  static AwsException wrong(Object value, String parameter) {
    return value("The value " + value + " for parameter " + parameter + " is invalid.");
  }

  static AwsException combination(String message) {
    return CloudwatchErrors.invalidParameterCombinationException(message);
  }

  static AwsException missing(String parameter) {
    return CloudwatchErrors.missingRequiredParameterException(
        "The parameter " + parameter + " is required.");
  }

  static AwsException validation(String message) {
    return AwsException.client("ValidationError", message);
  }

  static AwsException badToken() {
    return CloudwatchErrors.invalidNextToken("The token is invalid.");
  }

  static AwsException model(List<Violation> violations) {
    Violation first = violations.getFirst();
    if (first.kind() == Violation.Kind.REQUIRED) {
      return missing(parameter(first.path()));
    }
    return validation(Constraints.message(violations));
  }

  /// `metricData.1.member.value` → `MetricData.member.1.Value`.
  private static String parameter(String path) {
    StringBuilder s = new StringBuilder();
    String[] parts = path.split("\\.");
    for (int i = 0; i < parts.length; i++) {
      String part = parts[i];
      s.append(i == 0 ? "" : ".");
      if (Character.isDigit(part.charAt(0))) {
        s.append("member.").append(part);
        i++;
      } else {
        s.append(Character.toUpperCase(part.charAt(0))).append(part.substring(1));
      }
    }
    return s.toString();
  }
}
