package dev.freeway.lambda;

import dev.freeway.lambda.uses.sqs.Message;
import dev.freeway.platform.EventPattern;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The filter criteria of a mapping: a message passes that one of them fits. A pattern for what is
/// in the body fits no body that is not JSON.
final class BatchFilter {
  private final StoredMapping mapping;
  private final List<One> all = new ArrayList<>();

  /// @param insideBody whether it looks into the body, rather than at it as a text
  private record One(EventPattern pattern, boolean insideBody) {}

  BatchFilter(StoredMapping mapping) {
    this.mapping = mapping;
    var criteria = mapping.config().filterCriteria();
    if (criteria != null && criteria.filters() != null) {
      criteria
          .filters()
          .forEach(
              f -> {
                JsonNode body = JsonMapper.shared().readTree(f.pattern()).path("body");
                all.add(new One(EventPattern.parse(f.pattern()), body.isObject()));
              });
    }
  }

  boolean passes(Message m) {
    return all.isEmpty() || all.stream().anyMatch(one -> fits(one, m));
  }

  private boolean fits(One one, Message m) {
    ObjectNode record = QueueEvent.record(mapping, m);
    if (one.insideBody()) {
      try {
        record.set("body", JsonMapper.shared().readTree(m.body()));
      } catch (JacksonException e) {
        return false;
      }
    }
    return one.pattern().matches(record);
  }
}
