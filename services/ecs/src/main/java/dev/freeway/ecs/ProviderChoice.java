package dev.freeway.ecs;

import dev.freeway.ecs.api.CapacityProviderStrategyItem;
import dev.freeway.ecs.api.EcsErrors;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which capacity provider of a strategy the next task goes to: first those whose base is not
/// reached, then by weight.
final class ProviderChoice {
  private ProviderChoice() {}

  /// @param taken tasks each provider has
  /// @return null when there is no strategy
  static @Nullable String next(
      List<CapacityProviderStrategyItem> strategy, Map<String, Integer> taken) {
    return strategy.stream()
        .filter(i -> taken.getOrDefault(i.capacityProvider(), 0) < base(i))
        .findFirst()
        .or(
            () ->
                strategy.stream()
                    .filter(i -> weight(i) > 0)
                    .min(Comparator.comparingDouble(i -> fullness(i, taken))))
        .or(() -> strategy.stream().findFirst())
        .map(CapacityProviderStrategyItem::capacityProvider)
        .orElse(null);
  }

  /// How far a provider would be, for its weight, with one task more.
  private static double fullness(CapacityProviderStrategyItem i, Map<String, Integer> taken) {
    int beyond = taken.getOrDefault(i.capacityProvider(), 0) - base(i);
    return (beyond + 1.0) / weight(i);
  }

  private static int base(CapacityProviderStrategyItem i) {
    return i.base() == null ? 0 : i.base();
  }

  private static int weight(CapacityProviderStrategyItem i) {
    return i.weight() == null ? 0 : i.weight();
  }

  /// Throws for what AWS refuses of a strategy.
  static void check(List<CapacityProviderStrategyItem> strategy) {
    if (strategy.stream().filter(i -> base(i) > 0).count() > 1) {
      throw EcsErrors.invalidParameterException(
          "The specified capacity provider strategy cannot contain more than one capacity provider with a base value defined.");
    }
    if (!strategy.isEmpty()
        && strategy.stream().allMatch(i -> i.weight() != null && weight(i) == 0)) {
      throw EcsErrors.invalidParameterException(
          "The specified capacity provider strategy cannot contain only capacity providers with a weight of 0.");
    }
    if (strategy.stream().map(CapacityProviderStrategyItem::capacityProvider).distinct().count()
        < strategy.size()) {
      throw EcsErrors.invalidParameterException(
          "The specified capacity provider strategy cannot contain the same capacity provider more than once.");
    }
  }
}
