package dev.freeway.secretsmanager;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A changed copy of a secret.
final class SecretEdit {
  private final Secret from;
  private @Nullable String type;
  private @Nullable String description;
  private @Nullable String kmsKeyId;
  private Map<String, String> tags;
  private @Nullable String policy;
  private Instant changed;
  private @Nullable Instant accessed;
  private @Nullable Instant deleted;
  private @Nullable Instant purge;
  private Secret.@Nullable Rotation rotation;
  private Map<String, Secret.Version> versions;
  private Map<String, Secret.Replica> replicas;
  private @Nullable String primaryRegion;

  SecretEdit(Secret s) {
    from = s;
    type = s.type();
    description = s.description();
    kmsKeyId = s.kmsKeyId();
    tags = s.tags();
    policy = s.policy();
    changed = s.changed();
    accessed = s.accessed();
    deleted = s.deleted();
    purge = s.purge();
    rotation = s.rotation();
    versions = s.versions();
    replicas = s.replicas();
    primaryRegion = s.primaryRegion();
  }

  SecretEdit type(@Nullable String value) {
    type = value;
    return this;
  }

  SecretEdit description(@Nullable String value) {
    description = value;
    return this;
  }

  SecretEdit kmsKeyId(@Nullable String value) {
    kmsKeyId = value;
    return this;
  }

  SecretEdit tags(Map<String, String> value) {
    tags = value;
    return this;
  }

  SecretEdit policy(@Nullable String value) {
    policy = value;
    return this;
  }

  SecretEdit changed(Instant value) {
    changed = value;
    return this;
  }

  SecretEdit accessed(Instant value) {
    accessed = value;
    return this;
  }

  SecretEdit deletion(@Nullable Instant asked, @Nullable Instant due) {
    deleted = asked;
    purge = due;
    return this;
  }

  SecretEdit rotation(Secret.@Nullable Rotation value) {
    rotation = value;
    return this;
  }

  SecretEdit versions(Map<String, Secret.Version> value) {
    versions = value;
    return this;
  }

  SecretEdit replicas(Map<String, Secret.Replica> value) {
    replicas = value;
    return this;
  }

  SecretEdit primaryRegion(@Nullable String value) {
    primaryRegion = value;
    return this;
  }

  Secret build() {
    return new Secret(
        from.scope(),
        from.name(),
        from.suffix(),
        type,
        description,
        kmsKeyId,
        tags,
        policy,
        from.created(),
        changed,
        accessed,
        deleted,
        purge,
        rotation,
        versions,
        replicas,
        primaryRegion);
  }
}
