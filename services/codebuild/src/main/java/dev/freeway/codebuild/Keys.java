package dev.freeway.codebuild;

import dev.freeway.codebuild.api.CodebuildErrors;
import dev.freeway.platform.Scope;
import java.util.Optional;

/// Keys made of what callers send, which may be anything.
final class Keys {
  private Keys() {}

  /// Empty for a name that nothing can have.
  static Optional<String> of(Scope scope, String... parts) {
    for (String part : parts) {
      if (part.isEmpty()
          || part.chars().anyMatch(c -> c < ' ' || Character.isSurrogate((char) c))) {
        return Optional.empty();
      }
    }
    return Optional.of(scope.key(parts));
  }

  /// Throws what AWS answers for an idempotency token that cannot be one.
  static String token(Scope scope, String token) {
    return of(scope, token)
        .orElseThrow(() -> CodebuildErrors.invalidInputException("Invalid idempotency token"));
  }

  /// The id in an ARN whose resource begins so (`build/`); other text as it is.
  static String id(String text, String kind) {
    int at = text.indexOf(":" + kind);
    return text.startsWith("arn:") && at >= 0 ? text.substring(at + 1 + kind.length()) : text;
  }
}
