package dev.freeway.ecs;

import dev.freeway.ecs.api.EcsErrors;
import dev.freeway.ecs.api.Failure;
import dev.freeway.platform.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What was asked for by name: what there is of it, and a failure for each that is missing.
record Lookup<T>(List<T> found, List<Failure> failures) {
  /// @param arn of what has this name, if there were such a thing
  static <T> Lookup<T> of(
      List<String> names, Function<String, Optional<T>> find, Function<String, String> arn) {
    Lookup<T> all = new Lookup<>(new ArrayList<>(), new ArrayList<>());
    for (String name : names) {
      find.apply(name).ifPresentOrElse(all.found::add, () -> all.missing(arn.apply(name)));
    }
    return all;
  }

  private void missing(String arn) {
    failures.add(Failure.builder().arn(arn).reason("MISSING").build());
  }

  static void atMost(int most, List<?> asked, String what) {
    if (asked.size() > most) {
      throw EcsErrors.invalidParameterException(
          "%s cannot have more than %d elements.".formatted(what, most));
    }
  }

  static void pageSize(@Nullable Integer max) {
    if (max != null && (max < 1 || max > 100)) {
      throw EcsErrors.invalidParameterException("maxResults must be between 1 and 100.");
    }
  }

  /// A page of a list of ARNs.
  static Page<String> page(
      List<String> arns, @Nullable String token, @Nullable Integer max, int otherwise) {
    pageSize(max);
    List<String> sorted = arns.stream().sorted().toList();
    return Page.of(sorted, a -> a, token, max, otherwise, Ecs.badToken());
  }
}
