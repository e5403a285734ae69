package dev.freeway.platform.policy;

import java.util.Optional;

/// Who asks, as policies name them.
///
/// @param arn of the user, the role session, the account's root; or a service's name
public record Caller(Kind kind, String account, String arn) {
  public enum Kind {
    ROOT,
    USER,
    SESSION,
    SERVICE,
    ANONYMOUS
  }

  public static Caller of(String account, String arn) {
    if (arn.equals("anonymous")) {
      return new Caller(Kind.ANONYMOUS, account, arn);
    }
    if (arn.contains(":assumed-role/")) {
      return new Caller(Kind.SESSION, account, arn);
    }
    if (arn.contains(":user/")) {
      return new Caller(Kind.USER, account, arn);
    }
    return new Caller(arn.startsWith("arn:") ? Kind.ROOT : Kind.SERVICE, account, arn);
  }

  /// The name of the role whose session this is. (Its path is not part of a session's ARN.)
  public Optional<String> role() {
    return kind == Kind.SESSION ? Optional.of(arn.split("/")[1]) : Optional.empty();
  }

  /// The user's name without its path.
  public Optional<String> user() {
    return kind == Kind.USER
        ? Optional.of(arn.substring(arn.lastIndexOf('/') + 1))
        : Optional.empty();
  }
}
