package dev.freeway.events;

import dev.freeway.events.uses.sns.PublishInput;
import dev.freeway.events.uses.sns.SnsApi;
import dev.freeway.events.uses.sqs.MessageAttributeValue;
import dev.freeway.events.uses.sqs.SendMessageRequest;
import dev.freeway.events.uses.sqs.SqsApi;
import dev.freeway.platform.Arn;
import dev.freeway.platform.Call;
import dev.freeway.platform.Platform;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Targets that take text: queues and topics.
record Messages(Platform platform) {

  void send(
      Call call, Arn queue, String body, @Nullable String group, Map<String, String> attributes) {
    Map<String, MessageAttributeValue> all = new HashMap<>();
    attributes.forEach(
        (name, value) ->
            all.put(
                name,
                MessageAttributeValue.builder().dataType("String").stringValue(value).build()));
    platform
        .clients()
        .call(
            call,
            SqsApi.SEND_MESSAGE,
            SendMessageRequest.builder()
                .queueUrl(call.endpoint() + "/" + queue.account() + "/" + queue.resource())
                .messageBody(body)
                .messageGroupId(group)
                .messageAttributes(all)
                .build());
  }

  void publish(Call call, String topic, String message) {
    platform
        .clients()
        .call(
            call, SnsApi.PUBLISH, PublishInput.builder().topicArn(topic).message(message).build());
  }
}
