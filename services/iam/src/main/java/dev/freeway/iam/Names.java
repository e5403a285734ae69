package dev.freeway.iam;

import dev.freeway.wire.AwsException;
import java.util.regex.Pattern;

/// What names may be made of. The model's pattern is not anchored, so it lets others through.
final class Names {
  private static final Pattern NAME = Pattern.compile("[\\w+=,.@-]+");

  private Names() {}

  /// @param parameter such as `userName`
  static void check(String parameter, String name) {
    if (!NAME.matcher(name).matches()) {
      throw AwsException.client(
          "ValidationError",
          "The specified value for "
              + parameter
              + " is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-");
    }
  }
}
