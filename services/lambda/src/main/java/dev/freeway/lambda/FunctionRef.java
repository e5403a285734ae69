package dev.freeway.lambda;

import dev.freeway.lambda.api.LambdaErrors;
import dev.freeway.platform.Scope;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Which function, and which version or alias of it, a request names: by name, by ARN, or by
/// `ACCOUNT:function:NAME`, each with or without `:QUALIFIER`.
record FunctionRef(Scope scope, String name, @Nullable String qualifier) {
  static final String LATEST = "$LATEST";

  private static final Pattern FORM =
      Pattern.compile(
          "(?:arn:[a-z-]+:lambda:)?(?:([a-z]{2}(?:-[a-z]+)+-\\d):)?(?:(\\d{12}):)?(?:function:)?([a-zA-Z0-9-_]+)(?::(\\$LATEST|[a-zA-Z0-9-_]+))?");

  /// @param qualifier of the request's own parameter
  static FunctionRef of(Scope here, String text, @Nullable String qualifier) {
    Matcher m = FORM.matcher(text);
    if (!m.matches()) {
      throw LambdaErrors.invalidParameterValueException("Invalid function name: " + text);
    }
    String named = m.group(4);
    if (named != null && qualifier != null && !named.equals(qualifier)) {
      throw LambdaErrors.invalidParameterValueException(
          "The derived qualifier from the function name does not match the specified qualifier.");
    }
    return new FunctionRef(
        new Scope(
            m.group(2) == null ? here.account() : m.group(2),
            m.group(1) == null ? here.region() : m.group(1)),
        m.group(3),
        named == null ? qualifier : named);
  }

  static FunctionRef of(Scope here, String text) {
    return of(here, text, null);
  }

  String key() {
    return scope.key(name);
  }

  /// Without the qualifier.
  String functionArn() {
    return scope.arn("lambda", "function:" + name).toString();
  }

  String arn() {
    return qualifier == null ? functionArn() : functionArn() + ":" + qualifier;
  }

  FunctionRef at(@Nullable String other) {
    return new FunctionRef(scope, name, other);
  }

  /// The unpublished code, whether named or not.
  boolean latest() {
    return qualifier == null || qualifier.equals(LATEST);
  }

  boolean numbered() {
    return qualifier != null && qualifier.chars().allMatch(Character::isDigit);
  }
}
