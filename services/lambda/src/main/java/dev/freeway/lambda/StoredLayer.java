package dev.freeway.lambda;

import dev.freeway.platform.Scope;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One version of a layer.
///
/// @param statements of its policy, by id, as JSON
record StoredLayer(
    String account,
    String region,
    String name,
    int version,
    String hash,
    long bytes,
    String sha256,
    String created,
    String description,
    @Nullable String license,
    @Nullable List<String> runtimes,
    @Nullable List<String> architectures,
    Map<String, String> statements) {
  StoredLayer {
    statements = statements == null ? Map.of() : Map.copyOf(statements);
  }

  String layerArn() {
    return new Scope(account, region).arn("lambda", "layer:" + name).toString();
  }

  String arn() {
    return layerArn() + ":" + version;
  }

  StoredLayer statements(Map<String, String> all) {
    return new StoredLayer(
        account,
        region,
        name,
        version,
        hash,
        bytes,
        sha256,
        created,
        description,
        license,
        runtimes,
        architectures,
        all);
  }
}
