package dev.freeway.codebuild;

import dev.freeway.platform.Page;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Pages of lists whose order is not that of a key: the token counts.
final class Pages {
  static final int MOST = 100;

  private Pages() {}

  /// @param order of the list as given; DESCENDING turns it around
  static <T> Page<T> of(
      List<T> ascending, @Nullable String order, @Nullable String token, @Nullable Integer max) {
    List<T> sorted = new ArrayList<>(ascending);
    if ("DESCENDING".equals(order)) {
      Collections.reverse(sorted);
    }
    var page =
        Page.of(Ordered.of(sorted), Ordered::place, token, max, MOST, ProjectCrud.badToken());
    return new Page<>(page.map(Ordered::value), page.nextToken());
  }
}
