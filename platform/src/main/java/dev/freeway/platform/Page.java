package dev.freeway.platform;

import dev.freeway.wire.AwsException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A page of a list that is sorted by key. The token is opaque to clients and names the last key
/// seen, so that a list that changes between pages neither skips nor repeats what stayed.
public record Page<T>(List<T> items, @Nullable String nextToken) {

  /// @param sorted everything, ascending by key
  /// @param token of the page before, or null for the first
  /// @param max null means `otherwise`
  /// @param badToken the service's error for a token it did not issue
  public static <T> Page<T> of(
      List<T> sorted,
      Function<T, String> key,
      @Nullable String token,
      @Nullable Integer max,
      int otherwise,
      AwsException badToken) {
    int size = max == null || max <= 0 ? otherwise : max;
    int from = 0;
    if (token != null && !token.isEmpty()) {
      String after = decode(token, badToken);
      while (from < sorted.size() && key.apply(sorted.get(from)).compareTo(after) <= 0) {
        from++;
      }
    }
    int to = Math.min(sorted.size(), from + size);
    String next = to < sorted.size() ? encode(key.apply(sorted.get(to - 1))) : null;
    return new Page<>(sorted.subList(from, to), next);
  }

  public <R> List<R> map(Function<T, R> f) {
    return items.stream().map(f).toList();
  }

  private static String encode(String key) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(("fw1:" + key).getBytes(StandardCharsets.UTF_8));
  }

  private static String decode(String token, AwsException badToken) {
    try {
      String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
      if (text.startsWith("fw1:")) {
        return text.substring(4);
      }
    } catch (IllegalArgumentException e) {
      throw badToken;
    }
    throw badToken;
  }
}
