package dev.freeway.app.demo;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// What the sample's containers say of themselves in their logs.
final class TaskLogs {
  private static final Pattern READY = Pattern.compile("ready after (\\d+) ms");

  private TaskLogs() {}

  /// Seconds from process start to readiness, of the newest container of each service; the longest
  /// counts.
  static double slowestStart(Aws aws) {
    double slowest = 0;
    for (String service : Highway.SERVICES) {
      Map<String, Object> ask =
          Map.of(
              "logGroupName",
              "/ecs/" + Highway.NAME,
              "logStreamNamePrefix",
              service + "/",
              "filterPattern",
              "ready");
      JsonNode events;
      try {
        events = aws.json("logs", "Logs_20140328.FilterLogEvents", ask).get("events");
      } catch (Aws.Refused e) {
        return slowest;
      }
      if (!events.isEmpty()) {
        Matcher m = READY.matcher(Aws.text(events.get(events.size() - 1), "message"));
        slowest = m.find() ? Math.max(slowest, Integer.parseInt(m.group(1)) / 1000.0) : slowest;
      }
    }
    return slowest;
  }
}
