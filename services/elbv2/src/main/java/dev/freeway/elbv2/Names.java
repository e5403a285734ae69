package dev.freeway.elbv2;

import dev.freeway.elbv2.api.Elbv2Errors;
import dev.freeway.elbv2.api.Tag;
import dev.freeway.platform.Page;
import dev.freeway.wire.AwsException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Rules for names and tags, and the paging that all lists share.
final class Names {
  private static final int MAX = 32;
  private static final int MAX_TAGS = 50;
  private static final int PAGE = 400;

  private Names() {}

  /// @param what for the message: `load balancer`
  static void check(String what, String name) {
    String title = Character.toUpperCase(what.charAt(0)) + what.substring(1);
    if (name.isEmpty()) {
      throw Attributes.invalid(title + " name cannot be empty");
    }
    if (name.length() > MAX) {
      throw Attributes.invalid(
          title + " name '" + name + "' cannot be longer than '" + MAX + "' characters");
    }
    if (!name.matches("[a-zA-Z0-9-]+")) {
      throw Attributes.invalid(
          title
              + " name '"
              + name
              + "' can only contain characters that are alphanumeric characters and hyphens(-)");
    }
    if (name.startsWith("-") || name.endsWith("-")) {
      throw Attributes.invalid(title + " name '" + name + "' cannot begin or end with '-'");
    }
  }

  static Map<String, String> tags(Map<String, String> before, @Nullable List<Tag> more) {
    Map<String, String> all = new TreeMap<>(before);
    Map<String, String> added = new TreeMap<>();
    for (Tag t : more == null ? List.<Tag>of() : more) {
      if (added.put(t.key(), t.value() == null ? "" : t.value()) != null) {
        throw Elbv2Errors.duplicateTagKeysException("Tag keys must be unique: '" + t.key() + "'");
      }
      if (t.key().startsWith("aws:")) {
        throw Attributes.invalid("Tag keys cannot start with 'aws:'");
      }
    }
    all.putAll(added);
    if (all.size() > MAX_TAGS) {
      throw Elbv2Errors.tooManyTagsException(
          "The maximum number of tags per resource is " + MAX_TAGS);
    }
    return all;
  }

  static <T> Page<T> page(
      List<T> sorted, Function<T, String> key, @Nullable String marker, @Nullable Integer size) {
    return Page.of(
        sorted,
        key,
        marker,
        size,
        PAGE,
        AwsException.client("ValidationError", "Marker '" + marker + "' is not valid"));
  }
}
