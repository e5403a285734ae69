package dev.freeway.logs;

import dev.freeway.logs.api.LogsErrors;
import dev.freeway.logs.uses.kms.DescribeKeyRequest;
import dev.freeway.logs.uses.kms.KeyMetadata;
import dev.freeway.logs.uses.kms.KmsApi;
import dev.freeway.platform.Call;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.wire.AwsException;
import java.util.List;
import java.util.Map;

/// Which keys a log group may be given: an enabled symmetric one whose policy lets CloudWatch Logs
/// of the region use it. (What is stored is as it came: a key says who may read, not how it is
/// kept.)
///
/// Source: "Encrypt log data in CloudWatch Logs using AWS KMS".
record GroupKeys(Platform platform) {
  void check(Call call, String key, String group) {
    Call logs = platform.background(call.scope(), "logs." + call.region());
    try {
      KeyMetadata found =
          platform
              .clients()
              .call(
                  platform.background(call.scope(), "logs"),
                  KmsApi.DESCRIBE_KEY,
                  DescribeKeyRequest.builder().keyId(key).build())
              .keyMetadata();
      if (!"Enabled".equals(found.keyState()) || !"SYMMETRIC_DEFAULT".equals(found.keySpec())) {
        throw refused(call.scope(), group);
      }
      for (String action : List.of("kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey")) {
        platform.authorizer().get().authorize(logs, action, found.arn(), Map.of());
      }
    } catch (AwsException e) {
      throw e.serverFault() ? e : refused(call.scope(), group);
    }
  }

  private static AwsException refused(Scope scope, String group) {
    return LogsErrors.invalidParameterException(
        "The specified KMS key does not exist or is not allowed to be used with Arn '%s'"
            .formatted(scope.arn("logs", "log-group:" + group)));
  }
}
