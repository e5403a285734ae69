package dev.freeway.iam;

import dev.freeway.platform.Page;
import dev.freeway.wire.AwsException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// IAM's way of paging: `Marker`, `MaxItems`, `IsTruncated`.
record Pages<T>(Page<T> page) {
  private static final int SIZE = 100;

  /// @param sorted ascending by key
  static <T> Pages<T> of(
      List<T> sorted, Function<T, String> key, @Nullable String marker, @Nullable Integer max) {
    return new Pages<>(
        Page.of(
            sorted,
            key,
            marker,
            max,
            SIZE,
            AwsException.client("ValidationError", "Invalid Marker.")));
  }

  <R> List<R> map(Function<T, R> f) {
    return page.map(f);
  }

  boolean truncated() {
    return page.nextToken() != null;
  }

  @Nullable String marker() {
    return page.nextToken();
  }
}
