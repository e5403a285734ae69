package dev.freeway.ec2;

import dev.freeway.ec2.api.Tag;
import dev.freeway.store.Table;
import dev.freeway.wire.AwsException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A type of resource: how it is stored, named, tagged and filtered. Resources are kept as the API
/// describes them.
///
/// @param name as tags call it: `security-group`
/// @param prefix of its ids: `sg-`
/// @param missing the error code for an id that does not exist
/// @param missingText the message, with `%s` for the id
/// @param filters what a filter of that name looks at: a value, a list of them, or null
record ResourceType<T>(
    String name,
    String prefix,
    Table<T> table,
    Function<T, String> id,
    Function<T, @Nullable List<Tag>> tags,
    BiFunction<T, List<Tag>, T> withTags,
    String missing,
    String missingText,
    Map<String, Function<T, @Nullable Object>> filters) {

  static <T> ResourceType<T> of(
      String name,
      String prefix,
      Class<T> type,
      Function<T, String> id,
      Function<T, @Nullable List<Tag>> tags,
      BiFunction<T, List<Tag>, T> withTags,
      String missing,
      String missingText) {
    Table<T> table = new Table<>("ec2_" + name.replace('-', '_'), type);
    return new ResourceType<>(
        name, prefix, table, id, tags, withTags, missing, missingText, new HashMap<>());
  }

  ResourceType<T> filter(String filter, Function<T, @Nullable Object> values) {
    filters.put(filter, values);
    return this;
  }

  List<Tag> tagsOf(T resource) {
    List<Tag> all = tags.apply(resource);
    return all == null ? List.of() : all;
  }

  AwsException notFound(String wanted) {
    return AwsException.client(missing, missingText.formatted(wanted));
  }
}
