package dev.freeway.events;

import dev.freeway.events.api.Target;
import dev.freeway.events.uses.codebuild.CodebuildApi;
import dev.freeway.events.uses.codepipeline.CodepipelineApi;
import dev.freeway.events.uses.ecs.EcsApi;
import dev.freeway.events.uses.lambda.InvocationRequest;
import dev.freeway.events.uses.lambda.LambdaApi;
import dev.freeway.events.uses.logs.CreateLogStreamRequest;
import dev.freeway.events.uses.logs.InputLogEvent;
import dev.freeway.events.uses.logs.LogsApi;
import dev.freeway.events.uses.logs.PutLogEventsRequest;
import dev.freeway.platform.Arn;
import dev.freeway.platform.Call;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.wire.AwsException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// The kinds of targets.
final class Invocations {
  private static final Set<String> KINDS =
      Set.of("codepipeline", "codebuild", "ecs", "logs", "events", "sqs", "sns", "lambda");

  private final Platform platform;
  private final Router router;
  private final Messages messages;
  private final Acting acting;

  Invocations(Platform platform, Router router) {
    this.platform = platform;
    this.router = router;
    this.messages = new Messages(platform);
    this.acting = new Acting(platform);
  }

  /// Why this cannot be a target; empty when it can.
  Optional<String> problem(Target target) {
    Optional<Arn> arn = Arn.parse(target.arn());
    if (arn.isEmpty()) {
      return Optional.of(
          "Parameter "
              + target.arn()
              + " is not valid. Reason: Provided Arn is not in correct format.");
    }
    if (!KINDS.contains(arn.get().service())) {
      return Optional.of("Freeway cannot deliver events to " + arn.get().service() + " yet");
    }
    if (arn.get().service().equals("sqs")
        && arn.get().resource().endsWith(".fifo")
        && group(target) == null) {
      return Optional.of("Parameter(s) SqsParameters must be specified for target: " + target.id());
    }
    if (target.deadLetterConfig() != null
        && target.deadLetterConfig().arn() != null
        && Arn.parse(target.deadLetterConfig().arn())
            .filter(a -> a.service().equals("sqs"))
            .isEmpty()) {
      return Optional.of("Dead letter target must be an SQS queue: " + target.id());
    }
    if (Acting.needsRole(target, arn.get())) {
      return Optional.of("RoleArn is required for target " + target.arn() + ".");
    }
    if (arn.get().service().equals("ecs") && target.ecsParameters() == null) {
      return Optional.of("Parameter EcsParameters is required for ECS targets");
    }
    return Optional.empty();
  }

  /// @param token the same for every attempt: what can start only once starts once
  void invoke(Delivery d, String token) {
    Arn arn = Arn.parse(d.target().arn()).orElseThrow();
    Call call = acting.call(d, arn);
    switch (arn.service()) {
      case "codepipeline" ->
          platform
              .clients()
              .call(
                  call,
                  CodepipelineApi.START_PIPELINE_EXECUTION,
                  TargetRequests.pipeline(arn, d, token));
      case "codebuild" ->
          platform
              .clients()
              .call(call, CodebuildApi.START_BUILD, TargetRequests.build(arn, d, token));
      case "ecs" -> platform.clients().call(call, EcsApi.RUN_TASK, TargetRequests.task(d, token));
      case "logs" -> log(call, arn, d, token);
      case "lambda" ->
          platform
              .clients()
              .call(
                  call,
                  LambdaApi.INVOKE,
                  InvocationRequest.builder()
                      .functionName(arn.toString())
                      .invocationType("Event")
                      .payload(d.input().getBytes(StandardCharsets.UTF_8))
                      .build());
      case "sqs" -> messages.send(call, arn, d.input(), group(d.target()), Map.of());
      case "sns" -> messages.publish(call, d.target().arn(), d.input());
      case "events" -> {
        acting.toBus(d, arn);
        platform
            .store()
            .update(
                tx ->
                    router.route(
                        tx,
                        call.scope(),
                        Buses.nameOf(d.target().arn()),
                        JsonMapper.shared().readTree(d.input())));
      }
      default -> throw AwsException.client("ValidationException", "no such target: " + arn);
    }
  }

  private static @Nullable String group(Target target) {
    return target.sqsParameters() == null ? null : target.sqsParameters().messageGroupId();
  }

  /// Hands what a target never took to its dead-letter queue, if it has one.
  void deadLetter(Delivery d, AwsException why) {
    if (d.target().deadLetterConfig() == null || d.target().deadLetterConfig().arn() == null) {
      return;
    }
    Arn queue = Arn.parse(d.target().deadLetterConfig().arn()).orElseThrow();
    Scope there = new Scope(queue.account(), queue.region());
    Call call = platform.background(there, "events", d.ruleArn());
    Map<String, String> about = new HashMap<>();
    about.put("RULE_ARN", d.ruleArn());
    about.put("TARGET_ARN", d.target().arn());
    about.put("ERROR_CODE", why.code().startsWith("AccessDenied") ? "NO_PERMISSIONS" : why.code());
    about.put("ERROR_MESSAGE", why.message().isEmpty() ? why.code() : why.message());
    about.put("RETRY_ATTEMPTS", Integer.toString(d.retries()));
    if (Delivery.worthRetry(why)) {
      d.exhausted(platform.clock().instant())
          .ifPresent(end -> about.put("EXHAUSTED_RETRY_CONDITION", end));
    }
    messages.send(call, queue, d.input(), null, about);
  }

  private void log(Call call, Arn arn, Delivery d, String token) {
    String group = arn.resource().replaceFirst("^log-group:", "").replaceFirst(":\\*$", "");
    try {
      platform
          .clients()
          .call(
              call,
              LogsApi.CREATE_LOG_STREAM,
              CreateLogStreamRequest.builder().logGroupName(group).logStreamName(token).build());
    } catch (AwsException e) {
      if (!e.is("ResourceAlreadyExistsException")) {
        throw e;
      }
    }
    var event = new InputLogEvent(platform.clock().instant().toEpochMilli(), d.input());
    platform
        .clients()
        .call(
            call,
            LogsApi.PUT_LOG_EVENTS,
            PutLogEventsRequest.builder()
                .logGroupName(group)
                .logStreamName(token)
                .logEvents(List.of(event))
                .build());
  }
}
