package dev.freeway.secretsmanager;

import dev.freeway.secretsmanager.api.Filter;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Filters of lists: every filter must hold, by one of its values. Values are prefixes; `!` before
/// one negates it.
record SecretFilter(@Nullable List<Filter> filters) {

  boolean matches(Secret secret) {
    return filters == null || filters.stream().allMatch(f -> matches(f, secret));
  }

  private static boolean matches(Filter filter, Secret secret) {
    if (filter.key() == null || filter.values() == null || filter.values().isEmpty()) {
      throw dev.freeway.secretsmanager.api.SecretsmanagerErrors.invalidParameterException(
          "A filter needs a Key and Values.");
    }
    return filter.values().stream().anyMatch(v -> holds(filter.key(), v, secret));
  }

  private static boolean holds(String key, String value, Secret secret) {
    if (value.startsWith("!") && value.length() > 1) {
      return !holds(key, value.substring(1), secret);
    }
    return switch (key) {
      case "name" -> secret.name().startsWith(value);
      case "description" ->
          secret.description() != null && lower(secret.description()).startsWith(lower(value));
      case "tag-key" -> any(secret.tags().keySet(), value);
      case "tag-value" -> any(secret.tags().values(), value);
      case "primary-region" ->
          Objects.requireNonNullElse(secret.primaryRegion(), secret.scope().region())
              .startsWith(value);
      case "owning-service" -> false;
      default -> anything(secret, lower(value));
    };
  }

  private static boolean any(Collection<String> texts, String prefix) {
    return texts.stream().anyMatch(t -> t.startsWith(prefix));
  }

  private static boolean anything(Secret secret, String value) {
    String all =
        String.join(
            " ",
            secret.name(),
            secret.description() == null ? "" : secret.description(),
            String.join(" ", secret.tags().keySet()),
            String.join(" ", secret.tags().values()));
    for (String word : lower(all).split("[^a-z0-9]+")) {
      if (word.startsWith(value)) {
        return true;
      }
    }
    return lower(all).contains(value) && value.matches(".*[^a-z0-9].*");
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
