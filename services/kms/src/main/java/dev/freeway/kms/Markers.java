package dev.freeway.kms;

import dev.freeway.kms.api.KmsErrors;
import dev.freeway.platform.Page;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Lists by `Marker` and `Limit`, as KMS pages them.
final class Markers {
  private Markers() {}

  static <T> Page<T> page(
      List<T> sorted,
      Function<T, String> key,
      @Nullable String marker,
      @Nullable Integer limit,
      int otherwise) {
    return Page.of(
        sorted, key, marker, limit, otherwise, KmsErrors.invalidMarkerException("Invalid marker"));
  }
}
