package dev.freeway.lambda;

import dev.freeway.containers.Sandbox;
import dev.freeway.lambda.uses.sts.AssumeRoleRequest;
import dev.freeway.lambda.uses.sts.Credentials;
import dev.freeway.lambda.uses.sts.StsApi;
import dev.freeway.platform.Platform;
import java.util.LinkedHashMap;
import java.util.Map;

/// What functions find in their environment.
///
/// Sources: "Using Lambda environment variables", defined runtime environment variables.
record Variables(Platform platform) {
  /// How long a role's credentials last; an environment is given up before.
  static final int SECONDS = 3600;

  Map<String, String> of(StoredVersion v, Sandbox sandbox, String api, String stream) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("LANG", "en_US.UTF-8");
    all.put("TZ", ":UTC");
    all.put("AWS_XRAY_CONTEXT_MISSING", "LOG_ERROR");
    all.put("LD_LIBRARY_PATH", "/var/runtime/lib:/var/task:/var/task/lib:/opt/lib");
    all.put(
        "AWS_ENDPOINT_URL",
        platform.settings().endpoint().replaceFirst("://[^:/]+", "://" + sandbox.gateway()));
    all.putAll(v.variables());
    String region = v.region();
    all.put("AWS_REGION", region);
    all.put("AWS_DEFAULT_REGION", region);
    all.put("AWS_LAMBDA_FUNCTION_NAME", v.name());
    all.put("AWS_LAMBDA_FUNCTION_VERSION", v.version());
    all.put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", String.valueOf(v.config().memorySize()));
    all.put("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand");
    all.put("AWS_LAMBDA_LOG_GROUP_NAME", v.config().loggingConfig().logGroup());
    all.put("AWS_LAMBDA_LOG_STREAM_NAME", stream);
    all.put("AWS_LAMBDA_RUNTIME_API", api);
    if ("JSON".equals(v.config().loggingConfig().logFormat())) {
      all.put("AWS_LAMBDA_LOG_FORMAT", "JSON");
      all.put("AWS_LAMBDA_LOG_LEVEL", v.config().loggingConfig().applicationLogLevel());
    }
    if (!v.isImage()) {
      all.put("AWS_EXECUTION_ENV", "AWS_Lambda_" + v.config().runtime());
      all.put("_HANDLER", v.config().handler());
      all.put("LAMBDA_TASK_ROOT", "/var/task");
      all.put("LAMBDA_RUNTIME_DIR", "/var/runtime");
    }
    all.putAll(credentials(v));
    return all;
  }

  // Sessions have names of at least two letters.
  private static String session(String name) {
    return name.length() < 2 ? name + "-function" : name;
  }

  private Map<String, String> credentials(StoredVersion v) {
    Credentials c =
        platform
            .clients()
            .call(
                platform.background(v.scope(), "lambda"),
                StsApi.ASSUME_ROLE,
                AssumeRoleRequest.builder()
                    .roleArn(v.config().role())
                    .roleSessionName(session(v.name()))
                    .durationSeconds(SECONDS)
                    .build())
            .credentials();
    return Map.of(
        "AWS_ACCESS_KEY_ID",
        c.accessKeyId(),
        "AWS_SECRET_ACCESS_KEY",
        c.secretAccessKey(),
        "AWS_SESSION_TOKEN",
        c.sessionToken());
  }
}
