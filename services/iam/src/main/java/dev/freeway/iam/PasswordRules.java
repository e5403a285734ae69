package dev.freeway.iam;

import dev.freeway.iam.api.IamErrors;
import dev.freeway.iam.api.UpdateAccountPasswordPolicyRequest;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// What an account asks of its users' passwords.
///
/// @param maxAge in days
record PasswordRules(
    int minimumLength,
    boolean symbols,
    boolean numbers,
    boolean upperCase,
    boolean lowerCase,
    boolean usersMayChange,
    @Nullable Integer maxAge,
    @Nullable Integer reusePrevention,
    @Nullable Boolean hardExpiry) {
  static final PasswordRules DEFAULT =
      new PasswordRules(8, false, false, false, false, true, null, null, null);

  static PasswordRules of(UpdateAccountPasswordPolicyRequest in) {
    return new PasswordRules(
        in.minimumPasswordLength() == null ? 6 : in.minimumPasswordLength(),
        Boolean.TRUE.equals(in.requireSymbols()),
        Boolean.TRUE.equals(in.requireNumbers()),
        Boolean.TRUE.equals(in.requireUppercaseCharacters()),
        Boolean.TRUE.equals(in.requireLowercaseCharacters()),
        Boolean.TRUE.equals(in.allowUsersToChangePassword()),
        in.maxPasswordAge(),
        in.passwordReusePrevention(),
        in.hardExpiry());
  }

  void check(String password) {
    if (password.length() < minimumLength) {
      throw IamErrors.passwordPolicyViolationException(
          "Password should have a minimum length of " + minimumLength);
    }
    require(numbers, password, Character::isDigit, "number");
    require(upperCase, password, Character::isUpperCase, "uppercase letter");
    require(lowerCase, password, Character::isLowerCase, "lowercase letter");
    require(symbols, password, c -> "!@#$%^&*()_+-=[]{}|'".indexOf(c) >= 0, "symbol");
  }

  private static void require(boolean wanted, String password, IntPredicate p, String what) {
    if (wanted && password.chars().noneMatch(p)) {
      throw IamErrors.passwordPolicyViolationException("Password should have at least one " + what);
    }
  }
}
