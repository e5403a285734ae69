package dev.freeway.codebuild;

import dev.freeway.platform.Call;

/// Values of Secrets Manager.
interface Secrets {
  /// @param reference `secret-id:json-key:version-stage:version-id`, later parts may be absent; the
  ///   id may be an ARN
  String value(Call call, String reference) throws BuildFailed;
}
