package dev.freeway.lambda;

import dev.freeway.platform.Measured;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// AWS/Lambda: of a function, of the version or alias it was called by, and of all together. See
/// "Types of metrics for Lambda functions" in the developer guide.
final class FunctionMetrics {
  private static final String NAMESPACE = "AWS/Lambda";

  private final Platform platform;

  FunctionMetrics(Platform platform) {
    this.platform = platform;
  }

  /// An invocation is over.
  ///
  /// @param nanos of the function's own time
  void invoked(StoredVersion v, Invocation i, boolean failed, long nanos) {
    List<Map<String, String>> places = places(v.name(), i.arn(), v.version());
    tell(v.scope(), places, "Invocations", "Count", 1);
    // Told of successes too, as 0: so the average is the error rate.
    tell(v.scope(), places, "Errors", "Count", failed ? 1 : 0);
    tell(v.scope(), places, "Duration", "Milliseconds", nanos / 1e6);
    tell(v.scope(), places, "Throttles", "Count", 0);
  }

  void throttled(StoredVersion v, Invocation i) {
    tell(v.scope(), places(v.name(), i.arn(), v.version()), "Throttles", "Count", 1);
  }

  private static List<Map<String, String>> places(String name, String arn, String version) {
    String resource = arn.substring(arn.indexOf(":function:") + ":function:".length());
    List<Map<String, String>> all = new ArrayList<>();
    all.add(Map.of());
    all.add(Map.of("FunctionName", name));
    all.add(Map.of("FunctionName", name, "Resource", resource));
    // By an alias, whose weights may choose between two versions.
    if (!resource.equals(name) && !resource.equals(name + ":" + version)) {
      all.add(Map.of("FunctionName", name, "Resource", resource, "ExecutedVersion", version));
    }
    return all;
  }

  private void tell(
      Scope scope, List<Map<String, String>> places, String name, String unit, double value) {
    Instant at = platform.clock().instant();
    for (Map<String, String> dimensions : places) {
      platform.measures().add(Measured.of(scope, NAMESPACE, name, dimensions, unit, at, value));
    }
  }
}
