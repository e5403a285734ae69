package dev.freeway.lambda;

import dev.freeway.lambda.api.DestinationConfig;
import dev.freeway.lambda.api.FunctionEventInvokeConfig;
import dev.freeway.lambda.uses.events.EventsApi;
import dev.freeway.lambda.uses.events.PutEventsRequest;
import dev.freeway.lambda.uses.events.PutEventsRequestEntry;
import dev.freeway.lambda.uses.s3.PutObjectRequest;
import dev.freeway.lambda.uses.s3.S3Api;
import dev.freeway.lambda.uses.sns.PublishInput;
import dev.freeway.lambda.uses.sns.SnsApi;
import dev.freeway.lambda.uses.sqs.MessageAttributeValue;
import dev.freeway.lambda.uses.sqs.SendMessageRequest;
import dev.freeway.lambda.uses.sqs.SqsApi;
import dev.freeway.platform.Arn;
import dev.freeway.platform.Call;
import dev.freeway.platform.Ids;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.Body;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Where it is told how an event ended: destinations, and the older dead letter queue.
///
/// Sources: "Capturing records of Lambda asynchronous invocations".
final class Destinations {
  private static final System.Logger LOG = System.getLogger(Destinations.class.getName());

  private final Platform platform;
  private final AsyncInvocations async;
  private final ExecutionRole role;

  Destinations(Platform platform, AsyncInvocations async) {
    this.platform = platform;
    this.async = async;
    this.role = new ExecutionRole(platform);
  }

  /// A target that refuses is logged and gets nothing, as on AWS.
  void tell(
      StoredEvent event,
      Optional<FunctionEventInvokeConfig> config,
      Optional<StoredVersion> version) {
    StoredEvent.Outcome how = event.outcome();
    if (how == null) {
      return;
    }
    String target =
        config
            .map(FunctionEventInvokeConfig::destinationConfig)
            .map(d -> destination(d, how.success()))
            .orElse(null);
    if (target != null) {
      attempt(target, version, arn -> send(arn, event, how));
    }
    String dead =
        version.map(v -> v.config().deadLetterConfig()).map(d -> d.targetArn()).orElse(null);
    if (dead != null && !how.success()) {
      attempt(dead, version, arn -> deadLetter(arn, event, how));
    }
  }

  private static @Nullable String destination(DestinationConfig d, boolean success) {
    if (success) {
      return d.onSuccess() == null ? null : d.onSuccess().destination();
    }
    return d.onFailure() == null ? null : d.onFailure().destination();
  }

  private void attempt(String target, Optional<StoredVersion> version, Consumer<Arn> send) {
    Arn arn = Arn.parse(target).orElseThrow();
    try {
      version.ifPresent(v -> role.need(v, arn.service() + ":" + ExecutionRole.sending(arn), arn));
      send.accept(arn);
    } catch (AwsException e) {
      LOG.log(Level.WARNING, "a record of an invocation is lost, {0} refuses it: {1}", target, e);
    }
  }

  private void send(Arn arn, StoredEvent event, StoredEvent.Outcome how) {
    String target = arn.toString();
    String record = record(event, how);
    Call call = call(arn, event);
    switch (arn.service()) {
      case "sqs" -> queue(call, arn, record, null);
      case "sns" -> topic(call, arn, record, null);
      case "events" ->
          platform
              .clients()
              .call(
                  call,
                  EventsApi.PUT_EVENTS,
                  PutEventsRequest.builder()
                      .entries(
                          List.of(
                              PutEventsRequestEntry.builder()
                                  .eventBusName(target)
                                  .source("lambda")
                                  .detailType(
                                      "Lambda Function Invocation Result - "
                                          + (how.success() ? "Success" : "Failure"))
                                  .resources(List.of(target, event.ref().arn()))
                                  .detail(record)
                                  .build()))
                      .build());
      case "lambda" ->
          async.accept(
              FunctionRef.of(call.scope(), target),
              Ids.uuid(),
              record.getBytes(StandardCharsets.UTF_8),
              null);
      case "s3" -> object(call, arn, event, record);
      default -> LOG.log(Level.WARNING, "there is no destination of this kind: {0}", target);
    }
  }

  private Call call(Arn arn, StoredEvent event) {
    String region = arn.region().isEmpty() ? event.region() : arn.region();
    String account = arn.account().isEmpty() ? event.account() : arn.account();
    return platform.background(new Scope(account, region), "lambda");
  }

  private void object(Call call, Arn arn, StoredEvent event, String record) {
    byte[] bytes = record.getBytes(StandardCharsets.UTF_8);
    Instant at = platform.clock().instant();
    String day = at.toString().substring(0, 10).replace('-', '/');
    platform
        .clients()
        .call(
            call,
            S3Api.PUT_OBJECT,
            PutObjectRequest.builder()
                .bucket(arn.resource())
                .key(
                    "aws/lambda/async/%s/%s/%s-%s"
                        .formatted(event.function(), day, at, event.requestId()))
                .contentLength((long) bytes.length)
                .body(Body.of(bytes))
                .build());
  }

  private void deadLetter(Arn arn, StoredEvent event, StoredEvent.Outcome how) {
    String body = new String(event.payload(), StandardCharsets.UTF_8);
    Map<String, String> attributes = new LinkedHashMap<>();
    attributes.put("RequestID", event.requestId());
    attributes.put("ErrorCode", how.response() == null ? "429" : "200");
    attributes.put("ErrorMessage", message(how));
    switch (arn.service()) {
      case "sqs" -> queue(call(arn, event), arn, body, attributes);
      case "sns" -> topic(call(arn, event), arn, body, attributes);
      default -> LOG.log(Level.WARNING, "no place for dead letters: {0}", arn);
    }
  }

  private static String message(StoredEvent.Outcome how) {
    if (how.response() == null) {
      return how.condition();
    }
    JsonNode error = json(how.response());
    String said = error.path("errorMessage").asString("");
    return said.length() > 1024 ? said.substring(0, 1024) : said.isEmpty() ? "error" : said;
  }

  private void queue(Call call, Arn arn, String body, @Nullable Map<String, String> attributes) {
    Map<String, MessageAttributeValue> all = new LinkedHashMap<>();
    if (attributes != null) {
      attributes.forEach(
          (name, value) ->
              all.put(
                  name,
                  MessageAttributeValue.builder()
                      .dataType(name.equals("ErrorCode") ? "Number" : "String")
                      .stringValue(value)
                      .build()));
    }
    platform
        .clients()
        .call(
            call,
            SqsApi.SEND_MESSAGE,
            SendMessageRequest.builder()
                .queueUrl(
                    platform.settings().endpoint() + "/" + arn.account() + "/" + arn.resource())
                .messageBody(body)
                .messageAttributes(all.isEmpty() ? null : all)
                .build());
  }

  private void topic(Call call, Arn arn, String body, @Nullable Map<String, String> attributes) {
    Map<String, dev.freeway.lambda.uses.sns.MessageAttributeValue> all = new LinkedHashMap<>();
    if (attributes != null) {
      attributes.forEach(
          (name, value) ->
              all.put(
                  name,
                  dev.freeway.lambda.uses.sns.MessageAttributeValue.builder()
                      .dataType(name.equals("ErrorCode") ? "Number" : "String")
                      .stringValue(value)
                      .build()));
    }
    platform
        .clients()
        .call(
            call,
            SnsApi.PUBLISH,
            PublishInput.builder()
                .topicArn(arn.toString())
                .message(body)
                .messageAttributes(all.isEmpty() ? null : all)
                .build());
  }

  private String record(StoredEvent e, StoredEvent.Outcome how) {
    Map<String, Object> context = new LinkedHashMap<>();
    context.put("requestId", e.requestId());
    context.put(
        "functionArn", e.ref().qualifier() == null ? e.ref().arn() + ":$LATEST" : e.ref().arn());
    context.put("condition", how.condition());
    context.put("approximateInvokeCount", e.attempts());
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("version", "1.0");
    all.put("timestamp", platform.clock().instant().toString());
    all.put("requestContext", context);
    all.put("requestPayload", json(e.payload()));
    if (how.response() != null) {
      Map<String, Object> response = new LinkedHashMap<>();
      response.put("statusCode", 200);
      response.put("executedVersion", how.version());
      if (how.functionError() != null) {
        response.put("functionError", how.functionError());
      }
      all.put("responseContext", response);
      all.put("responsePayload", json(how.response()));
    }
    return JsonMapper.shared().writeValueAsString(all);
  }

  // A function of an own runtime may answer what is no JSON.
  private static JsonNode json(byte[] bytes) {
    try {
      return JsonMapper.shared().readTree(bytes);
    } catch (JacksonException e) {
      return JsonMapper.shared()
          .getNodeFactory()
          .stringNode(new String(bytes, StandardCharsets.UTF_8));
    }
  }
}
