package dev.freeway.platform.policy;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.function.BiPredicate;
import java.util.function.IntPredicate;

/// What a condition operator compares. A value that is no number, date or address where one is
/// wanted matches nothing.
enum Test {
  STRING_EQUALS(String::equals),
  STRING_EQUALS_IGNORE_CASE(String::equalsIgnoreCase),
  STRING_LIKE(Wildcards::match),
  NUMERIC_EQUALS(numbers(c -> c == 0)),
  NUMERIC_LESS_THAN(numbers(c -> c < 0)),
  NUMERIC_LESS_THAN_EQUALS(numbers(c -> c <= 0)),
  NUMERIC_GREATER_THAN(numbers(c -> c > 0)),
  NUMERIC_GREATER_THAN_EQUALS(numbers(c -> c >= 0)),
  DATE_EQUALS(dates(c -> c == 0)),
  DATE_LESS_THAN(dates(c -> c < 0)),
  DATE_LESS_THAN_EQUALS(dates(c -> c <= 0)),
  DATE_GREATER_THAN(dates(c -> c > 0)),
  DATE_GREATER_THAN_EQUALS(dates(c -> c >= 0)),
  BOOL(String::equalsIgnoreCase),
  BINARY_EQUALS(String::equals),
  IP_ADDRESS(AddressRange::contains),
  ARN_EQUALS(Wildcards::matchArn),
  ARN_LIKE(Wildcards::matchArn),
  STRING_NOT_EQUALS(STRING_EQUALS),
  STRING_NOT_EQUALS_IGNORE_CASE(STRING_EQUALS_IGNORE_CASE),
  STRING_NOT_LIKE(STRING_LIKE),
  NUMERIC_NOT_EQUALS(NUMERIC_EQUALS),
  DATE_NOT_EQUALS(DATE_EQUALS),
  NOT_IP_ADDRESS(IP_ADDRESS),
  ARN_NOT_EQUALS(ARN_EQUALS),
  ARN_NOT_LIKE(ARN_LIKE),
  /// Asks whether the key is there; [Condition] answers it.
  NULL((wanted, given) -> false);

  private final BiPredicate<String, String> matches;
  private final boolean negated;

  Test(BiPredicate<String, String> matches) {
    this.matches = matches;
    this.negated = false;
  }

  Test(Test opposite) {
    this.matches = opposite.matches;
    this.negated = true;
  }

  /// @param name in lower case: `stringequals`
  static Test named(String name) {
    for (Test t : values()) {
      if (t.name().replace("_", "").toLowerCase(Locale.ROOT).equals(name)) {
        return t;
      }
    }
    throw new IllegalArgumentException("no condition operator " + name);
  }

  /// Whether it holds when [#matches] does not.
  boolean negated() {
    return negated;
  }

  boolean matches(String wanted, String given) {
    return matches.test(wanted, given);
  }

  private static BiPredicate<String, String> numbers(IntPredicate outcome) {
    return (wanted, given) -> {
      try {
        return outcome.test(new BigDecimal(given).compareTo(new BigDecimal(wanted)));
      } catch (NumberFormatException e) {
        return false;
      }
    };
  }

  private static BiPredicate<String, String> dates(IntPredicate outcome) {
    return (wanted, given) -> {
      try {
        return outcome.test(date(given).compareTo(date(wanted)));
      } catch (DateTimeException | NumberFormatException e) {
        return false;
      }
    };
  }

  /// ISO 8601, a day alone, or seconds since 1970.
  private static Instant date(String text) {
    if (text.matches("-?\\d+")) {
      return Instant.ofEpochSecond(Long.parseLong(text));
    }
    return text.contains("T")
        ? OffsetDateTime.parse(text).toInstant()
        : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
  }
}
