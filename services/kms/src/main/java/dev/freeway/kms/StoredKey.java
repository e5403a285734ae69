package dev.freeway.kms;

import dev.freeway.platform.Arn;
import dev.freeway.platform.Scope;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A KMS key of one region.
///
/// @param state Enabled, Disabled, PendingDeletion, PendingImport or PendingReplicaDeletion
/// @param manager CUSTOMER or AWS
/// @param deletion when it is to be deleted, while it is pending deletion
/// @param current the number of the material that encrypts; 0 before material was imported
/// @param rotation null when it is not rotated automatically
@RecordBuilder
record StoredKey(
    Scope scope,
    String id,
    Spec spec,
    String usage,
    String origin,
    String manager,
    String description,
    String policy,
    Map<String, String> tags,
    Instant created,
    String state,
    @Nullable Instant deletion,
    @Nullable Integer window,
    boolean multiRegion,
    int current,
    @Nullable Rotation rotation)
    implements StoredKeyBuilder.With {

  /// @param next when the next rotation is due
  record Rotation(int periodDays, Instant next) {}

  StoredKey {
    tags = tags == null ? Map.of() : Map.copyOf(tags);
  }

  Arn arn() {
    return scope.arn("kms", "key/" + id);
  }

  boolean is(String asked) {
    return state.equals(asked);
  }

  boolean awsManaged() {
    return manager.equals("AWS");
  }

  boolean imported() {
    return origin.equals("EXTERNAL");
  }

  boolean pendingDeletion() {
    return is("PendingDeletion") || is("PendingReplicaDeletion");
  }

  StoredKey inState(String other, @Nullable Instant deletion, @Nullable Integer window) {
    return with().state(other).deletion(deletion).window(window).build();
  }

  StoredKey inState(String other) {
    return inState(other, null, null);
  }

  StoredKey inRegion(String region, String text, String json, Map<String, String> own, Instant at) {
    return with()
        .scope(new Scope(scope.account(), region))
        .description(text)
        .policy(json)
        .tags(own)
        .created(at)
        .state("Enabled")
        .deletion(null)
        .window(null)
        .multiRegion(true)
        .build();
  }
}
