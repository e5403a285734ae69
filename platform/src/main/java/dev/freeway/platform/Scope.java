package dev.freeway.platform;

import dev.freeway.store.Key;

/// Where state lives: everything is separate per account and region.
public record Scope(String account, String region) {
  public static final String DEFAULT_ACCOUNT = "000000000000";
  public static final String DEFAULT_REGION = "us-east-1";

  /// The key of something named in this scope; a prefix of it finds all in the scope.
  public String key(String... parts) {
    String[] all = new String[parts.length + 2];
    all[0] = account;
    all[1] = region;
    System.arraycopy(parts, 0, all, 2, parts.length);
    return Key.of(all);
  }

  public Arn arn(String service, String resource) {
    return Arn.of(service, region, account, resource);
  }
}
