package dev.freeway.lambda;

import dev.freeway.lambda.api.LambdaErrors;
import dev.freeway.lambda.uses.sts.AssumeRoleRequest;
import dev.freeway.lambda.uses.sts.StsApi;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.wire.AwsException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a function's configuration must be, beyond the model's constraints.
record FunctionChecks(Platform platform) {
  private static final int MOST_VARIABLE_BYTES = 4096;
  private static final Set<String> RESERVED =
      Set.of(
          "_HANDLER",
          "_X_AMZN_TRACE_ID",
          "AWS_DEFAULT_REGION",
          "AWS_REGION",
          "AWS_EXECUTION_ENV",
          "AWS_LAMBDA_FUNCTION_NAME",
          "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
          "AWS_LAMBDA_FUNCTION_VERSION",
          "AWS_LAMBDA_INITIALIZATION_TYPE",
          "AWS_LAMBDA_LOG_GROUP_NAME",
          "AWS_LAMBDA_LOG_STREAM_NAME",
          "AWS_ACCESS_KEY",
          "AWS_ACCESS_KEY_ID",
          "AWS_SECRET_ACCESS_KEY",
          "AWS_SESSION_TOKEN",
          "AWS_LAMBDA_RUNTIME_API",
          "LAMBDA_TASK_ROOT",
          "LAMBDA_RUNTIME_DIR");

  static AwsException invalid(String message) {
    return LambdaErrors.invalidParameterValueException(message).with("Type", "User");
  }

  static void variables(@Nullable Map<String, String> variables) {
    if (variables == null) {
      return;
    }
    List<String> refused = variables.keySet().stream().filter(RESERVED::contains).sorted().toList();
    if (!refused.isEmpty()) {
      throw invalid(
          "Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: "
              + String.join(", ", refused));
    }
    int bytes =
        variables.entrySet().stream().mapToInt(e -> bytes(e.getKey()) + bytes(e.getValue())).sum();
    if (bytes > MOST_VARIABLE_BYTES) {
      throw invalid(
          "Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit. String measured: "
              + variables);
    }
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /// The role must be there and trust Lambda.
  void role(Scope scope, String role) {
    try {
      platform
          .clients()
          .call(
              platform.background(scope, "lambda"),
              StsApi.ASSUME_ROLE,
              AssumeRoleRequest.builder().roleArn(role).roleSessionName("check").build());
    } catch (AwsException e) {
      throw invalid("The role defined for the function cannot be assumed by Lambda.");
    }
  }

  static void deadLetters(@Nullable String arn) {
    if (arn != null && !arn.isEmpty() && !arn.matches("arn:[a-z-]+:(sqs|sns):.*")) {
      throw invalid(
          "The provided target ARN is invalid: only SQS queues and SNS topics can be dead letter targets.");
    }
  }

  /// @param runtime null for images
  static void kind(
      String packageType,
      @Nullable String runtime,
      @Nullable String handler,
      @Nullable String imageUri) {
    if (packageType.equals("Image")) {
      if (imageUri == null) {
        throw invalid("Please provide ImageUri when creating a function with packageType Image.");
      }
      if (runtime != null || handler != null) {
        throw invalid(
            "Please don't provide Handler or Runtime or Layer when the intent is to create a function with packageType Image.");
      }
      return;
    }
    if (imageUri != null) {
      throw invalid("Please don't provide ImageUri when updating a function with packageType Zip.");
    }
    if (runtime == null) {
      throw invalid(
          "Runtime and Handler are mandatory parameters for functions created with deployment packages.");
    }
    if (handler == null) {
      throw invalid(
          "Runtime and Handler are mandatory parameters for functions created with deployment packages.");
    }
    Runtimes.check(runtime);
  }
}
