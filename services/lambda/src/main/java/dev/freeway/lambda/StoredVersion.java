package dev.freeway.lambda;

import dev.freeway.lambda.api.FunctionConfiguration;
import dev.freeway.platform.Scope;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One version of a function: `$LATEST`, or one published, which never changes.
///
/// @param codeHash SHA-256 of the zip file, hexadecimal, by which it is kept; null for images
/// @param layerHashes of its layers' zip files, in their order
/// @param image as asked for, and by digest; null for zip files
/// @param code changes with each change of code or configuration, so that no environment of another
///   one serves
record StoredVersion(
    String account,
    String region,
    FunctionConfiguration config,
    @Nullable String codeHash,
    List<String> layerHashes,
    @Nullable String image,
    @Nullable String resolvedImage,
    String code) {

  StoredVersion {
    layerHashes = layerHashes == null ? List.of() : List.copyOf(layerHashes);
  }

  Scope scope() {
    return new Scope(account, region);
  }

  String name() {
    return config.functionName();
  }

  String version() {
    return config.version();
  }

  FunctionRef ref() {
    return new FunctionRef(scope(), name(), version());
  }

  boolean isImage() {
    return "Image".equals(config.packageType());
  }

  Map<String, String> variables() {
    return config.environment() == null || config.environment().variables() == null
        ? Map.of()
        : config.environment().variables();
  }

  boolean active() {
    return "Active".equals(config.state());
  }

  StoredVersion with(FunctionConfiguration other) {
    return new StoredVersion(
        account, region, other, codeHash, layerHashes, image, resolvedImage, code);
  }

  StoredVersion withCode(String state) {
    return new StoredVersion(
        account, region, config, codeHash, layerHashes, image, resolvedImage, state);
  }
}
