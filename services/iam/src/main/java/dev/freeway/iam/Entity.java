package dev.freeway.iam;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A user, a group or a role, with the policies it holds.
///
/// @param inline policy documents by policy name
/// @param attached ARNs of managed policies, in the order of attachment
/// @param boundary the ARN of the permissions boundary
/// @param trust what only roles have
/// @param groups the names of a user's groups
@RecordBuilder
record Entity(
    Kind kind,
    String name,
    String path,
    String id,
    Instant created,
    Map<String, String> tags,
    Map<String, String> inline,
    List<String> attached,
    @Nullable String boundary,
    @Nullable Trust trust,
    List<String> groups)
    implements EntityBuilder.With {

  /// Who may take a role, and for how long (seconds).
  record Trust(String document, @Nullable String description, int maxSessionDuration) {}

  Entity {
    tags = tags == null ? Map.of() : new TreeMap<>(tags);
    inline = inline == null ? Map.of() : new TreeMap<>(inline);
    attached = attached == null ? List.of() : List.copyOf(attached);
    groups = groups == null ? List.of() : List.copyOf(groups);
  }

  String arn(String account) {
    return "arn:aws:iam::" + account + ":" + kind.word() + path + name;
  }

  Entity named(String newName, String newPath) {
    return with().name(newName).path(newPath).build();
  }

  Entity withoutAttached(String arn) {
    List<String> rest = new ArrayList<>(attached);
    rest.remove(arn);
    return withAttached(rest);
  }
}
