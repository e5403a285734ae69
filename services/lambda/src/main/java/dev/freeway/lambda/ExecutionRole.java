package dev.freeway.lambda;

import dev.freeway.lambda.api.DeadLetterConfig;
import dev.freeway.lambda.api.FunctionConfiguration;
import dev.freeway.platform.Arn;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.platform.ServiceRole;
import dev.freeway.wire.AwsException;
import java.util.Locale;

/// The role a function runs as, in which Lambda itself reads its queues and sends its events on.
///
/// Source: "Defining Lambda function permissions with an execution role".
record ExecutionRole(Platform platform) {

  /// Throws AccessDenied where the function's role may not.
  void need(StoredVersion version, String action, Arn target) {
    need(version.scope(), version.config(), action, target);
  }

  private void need(Scope scope, FunctionConfiguration function, String action, Arn target) {
    ServiceRole.of(
            platform,
            platform.background(scope, "lambda"),
            function.role(),
            function.functionName())
        .need(action, target.toString());
  }

  /// The same, as the error of who configures the function: `action` is the operation's name.
  void check(Scope scope, FunctionConfiguration function, String action, Arn target) {
    String service = target.service();
    try {
      need(scope, function, service + ":" + action, target);
    } catch (AwsException e) {
      throw FunctionChecks.invalid(
          "The provided execution role does not have permissions to call %s on %s"
              .formatted(action, service.toUpperCase(Locale.ROOT)));
    }
  }

  /// Refuses a place for dead letters that the role cannot send to.
  void deadLetters(Scope scope, FunctionConfiguration function) {
    DeadLetterConfig to = function.deadLetterConfig();
    Arn.parse(to == null || to.targetArn() == null ? "" : to.targetArn())
        .ifPresent(arn -> check(scope, function, sending(arn), arn));
  }

  /// What sending to a destination or to the place of dead letters needs.
  static String sending(Arn target) {
    return switch (target.service()) {
      case "sqs" -> "SendMessage";
      case "sns" -> "Publish";
      case "lambda" -> "InvokeFunction";
      case "s3" -> "PutObject";
      default -> "PutEvents";
    };
  }
}
