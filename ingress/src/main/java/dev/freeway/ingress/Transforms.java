package dev.freeway.ingress;

import java.util.Optional;

/// How a rule rewrites a request before it goes to a target; the first match is replaced.
///
/// @param host of the `Host` header
/// @param url of path and query
public record Transforms(Optional<Rewrite> host, Optional<Rewrite> url) {
  public static final Transforms NONE = new Transforms(Optional.empty(), Optional.empty());

  /// @param replacement may name groups: `$1`
  public record Rewrite(Regex regex, String replacement) {}

  boolean isEmpty() {
    return host.isEmpty() && url.isEmpty();
  }

  /// What was made of a request; null parts are as they came.
  record Rewritten(
      @org.jspecify.annotations.Nullable String host,
      @org.jspecify.annotations.Nullable String url) {
    static final Rewritten NOT = new Rewritten(null, null);
  }

  /// Throws `BadMessage` with 500 when the outcome is no host or no path.
  Rewritten apply(RequestView view) throws BadMessage {
    try {
      String newHost = null;
      if (host.isPresent()) {
        String was = view.authority();
        String now = host.get().regex.replaced(was, host.get().replacement);
        newHost = now.equals(was) ? null : now;
      }
      String newUrl = null;
      if (url.isPresent()) {
        String was = view.path() + (view.query().isEmpty() ? "" : "?" + view.query());
        String now = url.get().regex.replaced(was, url.get().replacement);
        newUrl = now.equals(was) ? null : now;
      }
      if (newHost != null && !newHost.matches("[A-Za-z0-9._:\\[\\]-]{1,255}")) {
        throw new BadMessage(500, "TransformInvalidHost");
      }
      if (newUrl != null && !newUrl.matches("/[\\x21-\\x7e\\x80-\\xff]*")) {
        throw new BadMessage(500, "TransformInvalidPath");
      }
      return new Rewritten(newHost, newUrl);
    } catch (IllegalArgumentException e) {
      throw new BadMessage(500, "TransformReplaceError");
    }
  }
}
