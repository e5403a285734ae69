package dev.freeway.sqs;

import dev.freeway.sqs.api.MessageAttributeValue;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A message as it was sent: never changed. What happens to it is a [Delivery].
///
/// @param place its key among the messages of its queue: it sorts by age
/// @param sent milliseconds since 1970
/// @param due when it can first be received, in milliseconds
/// @param group of FIFO queues, and of fair ones
/// @param sequence of FIFO queues
/// @param from the ARN of the queue whose dead letter it is
record Message(
    String place,
    String id,
    String body,
    Map<String, MessageAttributeValue> attributes,
    @Nullable String trace,
    String sender,
    long sent,
    long due,
    @Nullable String group,
    @Nullable String deduplication,
    @Nullable String sequence,
    @Nullable String from) {
  Message {
    attributes = attributes == null ? Map.of() : attributes;
  }

  Message at(String otherPlace, long otherSent, long otherDue, @Nullable String source) {
    return new Message(
        otherPlace,
        id,
        body,
        attributes,
        trace,
        sender,
        otherSent,
        otherDue,
        group,
        deduplication,
        sequence,
        source);
  }

  Message numbered(String number) {
    return new Message(
        place, id, body, attributes, trace, sender, sent, due, group, deduplication, number, from);
  }
}
