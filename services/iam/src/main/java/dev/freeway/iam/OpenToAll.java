package dev.freeway.iam;

import java.util.Set;

/// What of STS needs no permission, as its documentation says.
final class OpenToAll {
  private static final Set<String> OPERATIONS =
      Set.of("GetCallerIdentity", "GetSessionToken", "GetAccessKeyInfo");

  private OpenToAll() {}

  static boolean has(String operation) {
    return OPERATIONS.contains(operation);
  }
}
