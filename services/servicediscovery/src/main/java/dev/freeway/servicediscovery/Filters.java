package dev.freeway.servicediscovery;

import dev.freeway.servicediscovery.api.ServicediscoveryErrors;
import dev.freeway.wire.AwsException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Conditions of the List operations' filters.
final class Filters {
  static final int PAGE = 100;

  private Filters() {}

  static boolean holds(@Nullable String condition, List<String> values, @Nullable String actual) {
    if (actual == null) {
      return false;
    }
    return switch (condition == null ? "EQ" : condition) {
      case "EQ" -> {
        if (values.size() != 1) {
          throw ServicediscoveryErrors.invalidInput("The condition EQ takes one value.");
        }
        yield values.getFirst().equals(actual);
      }
      case "IN" -> values.contains(actual);
      case "BEGINS_WITH" -> values.stream().anyMatch(actual::startsWith);
      default ->
          throw ServicediscoveryErrors.invalidInput(
              "The condition BETWEEN is for the filter UPDATE_DATE.");
    };
  }

  static AwsException badToken() {
    return ServicediscoveryErrors.invalidInput("The specified NextToken is not valid.");
  }
}
