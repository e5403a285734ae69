package dev.freeway.lambda;

import dev.freeway.lambda.api.Cors;
import dev.freeway.platform.Scope;
import org.jspecify.annotations.Nullable;

/// The address of a function or of one of its aliases.
///
/// @param id the first part of its host name
/// @param authType NONE or AWS_IAM
record StoredUrl(
    String account,
    String region,
    String function,
    @Nullable String qualifier,
    String id,
    String authType,
    @Nullable Cors cors,
    String created,
    String modified) {

  FunctionRef ref() {
    return new FunctionRef(new Scope(account, region), function, qualifier);
  }

  /// @param endpoint Freeway's
  String url(String endpoint) {
    String port = endpoint.replaceFirst("^[a-z]+://[^:/]+", "").replaceFirst("/.*", "");
    return "http://" + id + ".lambda-url." + region + ".localhost" + port + "/";
  }
}
