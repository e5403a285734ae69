package dev.freeway.kms;

import dev.freeway.platform.Arn;
import dev.freeway.platform.Scope;
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
    @Nullable Rotation rotation) {

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

  StoredKey withState(String other, @Nullable Instant deletion, @Nullable Integer window) {
    return new StoredKey(
        scope,
        id,
        spec,
        usage,
        origin,
        manager,
        description,
        policy,
        tags,
        created,
        other,
        deletion,
        window,
        multiRegion,
        current,
        rotation);
  }

  StoredKey withState(String other) {
    return withState(other, null, null);
  }

  StoredKey withDescription(String text) {
    return new StoredKey(
        scope,
        id,
        spec,
        usage,
        origin,
        manager,
        text,
        policy,
        tags,
        created,
        state,
        deletion,
        window,
        multiRegion,
        current,
        rotation);
  }

  StoredKey withPolicy(String json) {
    return new StoredKey(
        scope,
        id,
        spec,
        usage,
        origin,
        manager,
        description,
        json,
        tags,
        created,
        state,
        deletion,
        window,
        multiRegion,
        current,
        rotation);
  }

  StoredKey withTags(Map<String, String> all) {
    return new StoredKey(
        scope,
        id,
        spec,
        usage,
        origin,
        manager,
        description,
        policy,
        all,
        created,
        state,
        deletion,
        window,
        multiRegion,
        current,
        rotation);
  }

  StoredKey withCurrent(int number) {
    return new StoredKey(
        scope,
        id,
        spec,
        usage,
        origin,
        manager,
        description,
        policy,
        tags,
        created,
        state,
        deletion,
        window,
        multiRegion,
        number,
        rotation);
  }

  StoredKey withRotation(@Nullable Rotation other) {
    return new StoredKey(
        scope,
        id,
        spec,
        usage,
        origin,
        manager,
        description,
        policy,
        tags,
        created,
        state,
        deletion,
        window,
        multiRegion,
        current,
        other);
  }

  StoredKey inRegion(String region, String text, String json, Map<String, String> own, Instant at) {
    return new StoredKey(
        new Scope(scope.account(), region),
        id,
        spec,
        usage,
        origin,
        manager,
        text,
        json,
        own,
        at,
        "Enabled",
        null,
        null,
        true,
        current,
        rotation);
  }
}
