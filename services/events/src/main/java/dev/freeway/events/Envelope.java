package dev.freeway.events;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// An event as rules match it and targets receive it.
final class Envelope {
  private Envelope() {}

  static ObjectNode of(
      String id,
      String account,
      String region,
      Instant time,
      String source,
      String detailType,
      List<String> resources,
      JsonNode detail) {
    ObjectNode e = JsonMapper.shared().createObjectNode();
    e.put("version", "0");
    e.put("id", id);
    e.put("detail-type", detailType);
    e.put("source", source);
    e.put("account", account);
    e.put("time", time.truncatedTo(ChronoUnit.SECONDS).toString());
    e.put("region", region);
    ArrayNode list = e.putArray("resources");
    resources.forEach(list::add);
    e.set("detail", detail);
    return e;
  }
}
