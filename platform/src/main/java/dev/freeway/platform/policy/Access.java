package dev.freeway.platform.policy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What someone wants to do: what policies are evaluated against.
///
/// @param action `codecommit:GitPush`
/// @param resource an ARN, or `*` for what has none
/// @param keys the request's values of condition keys, by key in lower case; a missing key was not
///   in the request
public record Access(
    Caller caller, String action, String resource, Map<String, List<String>> keys) {
  public Access {
    Map<String, List<String>> folded = HashMap.newHashMap(keys.size());
    keys.forEach((k, v) -> folded.put(fold(k), List.copyOf(v)));
    keys = Map.copyOf(folded);
  }

  static String fold(String key) {
    return key.toLowerCase(Locale.ROOT);
  }

  /// Empty when the request does not have the key.
  List<String> values(String key) {
    return keys.getOrDefault(fold(key), List.of());
  }

  public boolean has(String key) {
    return keys.containsKey(fold(key));
  }

  /// The same on another resource.
  public Access on(String other) {
    return other.equals(resource) ? this : new Access(caller, action, other, keys);
  }

  /// The same with more values of one key.
  public Access with(String key, List<String> values) {
    Map<String, List<String>> more = new HashMap<>(keys);
    more.merge(
        fold(key),
        values,
        (a, b) -> {
          List<String> both = new ArrayList<>(a);
          both.addAll(b);
          return both;
        });
    return new Access(caller, action, resource, more);
  }
}
