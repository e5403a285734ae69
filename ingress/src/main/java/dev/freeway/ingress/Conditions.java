package dev.freeway.ingress;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/// Whether a request meets a condition.
final class Conditions {
  private Conditions() {}

  static boolean holds(Condition condition, RequestView request) {
    return switch (condition) {
      case Condition.PathPattern(var values) ->
          values.stream().anyMatch(v -> Wildcard.matches(v, request.path(), false));
      case Condition.HostHeader(var values) ->
          values.stream().anyMatch(v -> Wildcard.matches(v, request.host(), true));
      case Condition.HttpRequestMethod(var values) -> values.contains(request.method());
      case Condition.SourceIp(var values) ->
          values.stream().anyMatch(v -> v.contains(request.client()));
      case Condition.PathRegex(var values) ->
          values.stream().anyMatch(v -> v.found(request.path()));
      case Condition.HostRegex(var values) ->
          values.stream().anyMatch(v -> v.found(request.host()));
      case Condition.HeaderRegex(var name, var values) ->
          header(name, request, value -> values.stream().anyMatch(v -> v.found(value)));
      case Condition.HttpHeader(var name, var values) ->
          header(
              name,
              request,
              value -> values.stream().anyMatch(v -> Wildcard.matches(v, value, true)));
      case Condition.QueryString(var values) ->
          values.stream().anyMatch(v -> parameter(v, request.query()));
    };
  }

  private static boolean header(String of, RequestView request, Predicate<String> fits) {
    byte[] name = Octets.of(of.toLowerCase(Locale.ROOT));
    for (int i = 0; i < request.headerCount(); i++) {
      if (request.headerIs(i, name)) {
        if (fits.test(request.headerValue(i))) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean parameter(Condition.QueryString.Parameter wanted, String query) {
    if (query.isEmpty()) {
      return false;
    }
    Optional<String> key = wanted.key();
    for (String pair : query.split("&")) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      String value = equals < 0 ? "" : pair.substring(equals + 1);
      if ((key.isEmpty() || Wildcard.matches(key.get(), name, true))
          && Wildcard.matches(wanted.value(), value, true)) {
        return true;
      }
    }
    return false;
  }
}
