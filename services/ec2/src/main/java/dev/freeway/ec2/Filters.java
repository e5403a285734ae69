package dev.freeway.ec2;

import dev.freeway.ec2.api.Filter;
import dev.freeway.ec2.api.Tag;
import dev.freeway.wire.AwsException;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// `Filters` of the describe operations: all filters must hold, any value of one; `*` and `?` are
/// wildcards.
record Filters<T>(ResourceType<T> type, List<Filter> asked) {

  Filters {
    asked = asked == null ? List.of() : asked;
    for (Filter f : asked) {
      String name = f.name() == null ? "" : f.name();
      if (!name.startsWith("tag:")
          && !name.equals("tag-key")
          && !type.filters().containsKey(name)) {
        throw AwsException.client("InvalidParameterValue", "The filter '" + name + "' is invalid");
      }
    }
  }

  boolean matches(T resource) {
    return asked.stream().allMatch(f -> matches(f, resource));
  }

  private boolean matches(Filter f, T resource) {
    List<String> wanted = f.values() == null ? List.of() : f.values();
    Collection<?> actual = values(f.name(), resource);
    return wanted.stream().anyMatch(w -> actual.stream().anyMatch(a -> like(w, a.toString())));
  }

  private Collection<?> values(String name, T resource) {
    List<Tag> tags = type.tagsOf(resource);
    if (name.equals("tag-key")) {
      return tags.stream().map(Tag::key).toList();
    }
    if (name.startsWith("tag:")) {
      String key = name.substring("tag:".length());
      return tags.stream().filter(t -> t.key().equals(key)).map(Tag::value).toList();
    }
    Function<T, @Nullable Object> look = type.filters().get(name);
    Object found = look == null ? null : look.apply(resource);
    return switch (found) {
      case null -> List.of();
      case Collection<?> many -> many.stream().filter(v -> v != null).toList();
      default -> List.of(found);
    };
  }

  static boolean like(String pattern, String value) {
    if (pattern.indexOf('*') < 0 && pattern.indexOf('?') < 0) {
      return pattern.equals(value);
    }
    StringBuilder regex = new StringBuilder();
    for (char c : pattern.toCharArray()) {
      regex.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
    }
    return Pattern.compile(regex.toString(), Pattern.DOTALL).matcher(value).matches();
  }
}
