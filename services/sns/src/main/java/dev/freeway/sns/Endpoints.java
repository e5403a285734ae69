package dev.freeway.sns;

import dev.freeway.platform.Arn;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.sns.Attempts.Result;
import dev.freeway.sns.uses.lambda.InvocationRequest;
import dev.freeway.sns.uses.lambda.LambdaApi;
import dev.freeway.sns.uses.sqs.MessageAttributeValue;
import dev.freeway.sns.uses.sqs.SendMessageRequest;
import dev.freeway.sns.uses.sqs.SqsApi;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The kinds of endpoints.
final class Endpoints {
  private final Platform platform;
  private final Topics topics;
  private final Envelopes envelopes;
  private final Outbox outbox;
  private final HttpEndpoints http;

  Endpoints(
      Platform platform, Topics topics, Envelopes envelopes, Outbox outbox, HttpEndpoints http) {
    this.platform = platform;
    this.topics = topics;
    this.envelopes = envelopes;
    this.outbox = outbox;
    this.http = http;
  }

  Result text(Notification n) {
    outbox.text(n.topicArn(), n.body(), n.id());
    return new Result.Delivered();
  }

  Result deliver(Notification n, Subscriber s) throws InterruptedException {
    return switch (s.protocol()) {
      case "sqs" -> {
        queue(Arn.parse(s.endpoint()).orElseThrow(), n, s);
        yield new Result.Delivered();
      }
      case "http", "https" -> http.post(n, s, s.raw() && !asks(n) ? n.body() : envelope(n, s));
      case "email", "email-json" -> {
        mail(n, s);
        yield new Result.Delivered();
      }
      case "sms" -> {
        outbox.text(s.endpoint(), n.body(), n.id() + "-" + s.id());
        yield new Result.Delivered();
      }
      case "lambda" -> {
        function(Arn.parse(s.endpoint()).orElseThrow(), n, s);
        yield new Result.Delivered();
      }
      default -> new Result.Refused("no deliveries to protocol " + s.protocol());
    };
  }

  private static boolean asks(Notification n) {
    return n.kind().equals("SubscriptionConfirmation");
  }

  private String envelope(Notification n, Subscriber s) {
    String version =
        platform
            .store()
            .read(tx -> topics.find(tx, s.scope(), s.topic()))
            .map(Topic::signatureVersion)
            .orElse("1");
    return envelopes.of(n, s, version);
  }

  void deadLetter(Arn target, Notification n, Subscriber s) {
    queue(target, n, s);
  }

  private void queue(Arn arn, Notification n, Subscriber s) {
    var call = platform.background(new Scope(arn.account(), arn.region()), "sns", n.topicArn());
    boolean fifo = arn.resource().endsWith(".fifo");
    platform
        .clients()
        .call(
            call,
            SqsApi.SEND_MESSAGE,
            SendMessageRequest.builder()
                .queueUrl(
                    platform.settings().endpoint() + "/" + arn.account() + "/" + arn.resource())
                .messageBody(s.raw() ? n.body() : envelope(n, s))
                .messageAttributes(s.raw() ? attributes(n) : null)
                .messageGroupId(group(n, fifo))
                .messageDeduplicationId(fifo ? n.deduplication() : null)
                .build());
  }

  /// The same fields as in an envelope, in the form functions get them.
  private void function(Arn arn, Notification n, Subscriber s) {
    ObjectNode sns = (ObjectNode) JsonMapper.shared().readTree(envelope(n, s));
    sns.set("SigningCertUrl", sns.remove("SigningCertURL"));
    sns.set("UnsubscribeUrl", sns.remove("UnsubscribeURL"));
    sns.put("Subject", n.subject());
    if (!sns.has("MessageAttributes")) {
      sns.putObject("MessageAttributes");
    }
    ObjectNode event = JsonMapper.shared().createObjectNode();
    ObjectNode record = event.putArray("Records").addObject();
    record.put("EventSource", "aws:sns").put("EventVersion", "1.0");
    record.put("EventSubscriptionArn", s.arn()).set("Sns", sns);
    Scope scope = new Scope(arn.account(), arn.region());
    platform
        .clients()
        .call(
            platform.background(scope, "sns", n.topicArn()),
            LambdaApi.INVOKE,
            InvocationRequest.builder()
                .functionName(arn.toString())
                .invocationType("Event")
                .payload(event.toString().getBytes(StandardCharsets.UTF_8))
                .build());
  }

  private static @Nullable String group(Notification n, boolean fifo) {
    return fifo && n.group() == null ? n.topicArn() : n.group();
  }

  private static Map<String, MessageAttributeValue> attributes(Notification n) {
    Map<String, MessageAttributeValue> all = new HashMap<>();
    n.attributes()
        .forEach(
            (name, v) ->
                all.put(
                    name,
                    MessageAttributeValue.builder()
                        .dataType(v.dataType())
                        .stringValue(v.stringValue())
                        .binaryValue(v.binaryValue())
                        .build()));
    return all;
  }

  private void mail(Notification n, Subscriber s) {
    String body =
        s.protocol().equals("email-json")
            ? envelope(n, s)
            : asks(n) ? n.body() + "\n\n" + envelopes.subscribeUrl(s) : n.body();
    String subject =
        asks(n)
            ? "AWS Notification - Subscription Confirmation"
            : n.subject() == null ? "AWS Notification Message" : n.subject();
    outbox.mail(s.endpoint(), subject, body, n.id() + "-" + s.id());
  }
}
