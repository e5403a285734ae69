package dev.freeway.events;

import dev.freeway.events.api.EcsParameters;
import dev.freeway.events.api.Target;
import dev.freeway.events.uses.codebuild.CodebuildApi;
import dev.freeway.events.uses.codebuild.StartBuildInput;
import dev.freeway.events.uses.codepipeline.CodepipelineApi;
import dev.freeway.events.uses.codepipeline.StartPipelineExecutionInput;
import dev.freeway.events.uses.ecs.AwsVpcConfiguration;
import dev.freeway.events.uses.ecs.EcsApi;
import dev.freeway.events.uses.ecs.NetworkConfiguration;
import dev.freeway.events.uses.ecs.RunTaskRequest;
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

  Invocations(Platform platform, Router router) {
    this.platform = platform;
    this.router = router;
    this.messages = new Messages(platform);
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
    if (arn.get().service().equals("ecs") && target.ecsParameters() == null) {
      return Optional.of("Parameter EcsParameters is required for ECS targets");
    }
    return Optional.empty();
  }

  /// @param token the same for every attempt: what can start only once starts once
  void invoke(Delivery d, String token) {
    Arn arn = Arn.parse(d.target().arn()).orElseThrow();
    Call call = platform.background(new Scope(arn.account(), arn.region()), "events");
    switch (arn.service()) {
      case "codepipeline" ->
          platform
              .clients()
              .call(
                  call,
                  CodepipelineApi.START_PIPELINE_EXECUTION,
                  StartPipelineExecutionInput.builder()
                      .name(arn.resource())
                      .clientRequestToken(token)
                      .build());
      case "codebuild" ->
          platform
              .clients()
              .call(
                  call,
                  CodebuildApi.START_BUILD,
                  StartBuildInput.builder()
                      .projectName(arn.resource().replaceFirst("^project/", ""))
                      .idempotencyToken(token)
                      .build());
      case "ecs" -> platform.clients().call(call, EcsApi.RUN_TASK, runTask(d, token));
      case "logs" -> log(call, arn, d, token);
      case "lambda" ->
          platform
              .clients()
              .call(
                  platform.background(call.scope(), "events", d.ruleArn()),
                  LambdaApi.INVOKE,
                  InvocationRequest.builder()
                      .functionName(arn.toString())
                      .invocationType("Event")
                      .payload(d.input().getBytes(StandardCharsets.UTF_8))
                      .build());
      case "sqs" -> messages.send(call, arn, d.input(), group(d.target()), Map.of());
      case "sns" -> messages.publish(call, d.target().arn(), d.input());
      case "events" ->
          platform
              .store()
              .update(
                  tx ->
                      router.route(
                          tx,
                          call.scope(),
                          Buses.nameOf(d.target().arn()),
                          JsonMapper.shared().readTree(d.input())));
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
    Call call = platform.background(new Scope(queue.account(), queue.region()), "events");
    messages.send(
        call,
        queue,
        d.input(),
        null,
        Map.of(
            "RULE_ARN", d.ruleArn(),
            "TARGET_ARN", d.target().arn(),
            "ERROR_CODE", why.code(),
            "ERROR_MESSAGE", why.message().isEmpty() ? why.code() : why.message()));
  }

  private static RunTaskRequest runTask(Delivery d, String token) {
    EcsParameters p = d.target().ecsParameters();
    NetworkConfiguration network = null;
    if (p.networkConfiguration() != null
        && p.networkConfiguration().awsvpcConfiguration() != null) {
      var vpc = p.networkConfiguration().awsvpcConfiguration();
      network =
          new NetworkConfiguration(
              AwsVpcConfiguration.builder()
                  .subnets(vpc.subnets())
                  .securityGroups(vpc.securityGroups())
                  .assignPublicIp(vpc.assignPublicIp())
                  .build());
    }
    return RunTaskRequest.builder()
        .cluster(d.target().arn())
        .taskDefinition(p.taskDefinitionArn())
        .count(p.taskCount() == null ? 1 : p.taskCount())
        .launchType(p.launchType())
        .networkConfiguration(network)
        .startedBy("events-rule/" + d.ruleArn().substring(d.ruleArn().lastIndexOf('/') + 1))
        .clientToken(token)
        .build();
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
