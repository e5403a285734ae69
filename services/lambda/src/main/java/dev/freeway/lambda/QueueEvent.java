package dev.freeway.lambda;

import dev.freeway.lambda.uses.sqs.Message;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Messages of a queue as a function gets them, and what it says of them.
final class QueueEvent {
  private QueueEvent() {}

  static byte[] of(StoredMapping mapping, List<Message> messages) {
    ObjectNode event = JsonMapper.shared().createObjectNode();
    ArrayNode records = event.putArray("Records");
    messages.forEach(m -> records.add(record(mapping, m)));
    return event.toString().getBytes(StandardCharsets.UTF_8);
  }

  static ObjectNode record(StoredMapping mapping, Message m) {
    ObjectNode record = JsonMapper.shared().createObjectNode();
    record.put("messageId", m.messageId()).put("receiptHandle", m.receiptHandle());
    record.put("body", m.body());
    ObjectNode attributes = record.putObject("attributes");
    if (m.attributes() != null) {
      m.attributes().forEach(attributes::put);
    }
    ObjectNode custom = record.putObject("messageAttributes");
    if (m.messageAttributes() != null) {
      m.messageAttributes()
          .forEach(
              (name, value) -> {
                ObjectNode one = custom.putObject(name);
                if (value.stringValue() != null) {
                  one.put("stringValue", value.stringValue());
                }
                if (value.binaryValue() != null) {
                  one.put("binaryValue", Base64.getEncoder().encodeToString(value.binaryValue()));
                }
                one.putArray("stringListValues");
                one.putArray("binaryListValues");
                one.put("dataType", value.dataType());
              });
    }
    record.put("md5OfBody", m.md5OfBody());
    record.put("eventSource", "aws:sqs");
    record.put("eventSourceARN", mapping.config().eventSourceArn());
    record.put("awsRegion", mapping.source().region());
    return record;
  }

  /// Which messages failed, as the function reports. An answer that makes no sense means all.
  static Set<String> failures(byte[] answer, List<Message> batch) {
    Set<String> all = new HashSet<>();
    batch.forEach(m -> all.add(m.messageId()));
    JsonNode said;
    try {
      said = JsonMapper.shared().readTree(answer);
    } catch (JacksonException e) {
      return all;
    }
    JsonNode list = said.path("batchItemFailures");
    if (list.isMissingNode() || list.isNull() || said.isNull()) {
      return Set.of();
    }
    Set<String> failed = new HashSet<>();
    for (JsonNode f : list) {
      String id = f.path("itemIdentifier").asString("");
      if (!all.contains(id)) {
        return all;
      }
      failed.add(id);
    }
    return failed;
  }
}
