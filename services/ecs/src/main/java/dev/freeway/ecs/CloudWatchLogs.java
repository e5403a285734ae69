package dev.freeway.ecs;

import dev.freeway.ecs.uses.logs.CreateLogGroupRequest;
import dev.freeway.ecs.uses.logs.CreateLogStreamRequest;
import dev.freeway.ecs.uses.logs.GetLogEventsRequest;
import dev.freeway.ecs.uses.logs.InputLogEvent;
import dev.freeway.ecs.uses.logs.LogsApi;
import dev.freeway.ecs.uses.logs.PutLogEventsRequest;
import dev.freeway.platform.Call;
import dev.freeway.platform.Platform;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.Operation;
import dev.freeway.wire.Structure;
import java.util.List;

/// The logs service.
record CloudWatchLogs(Platform platform) implements LogSink {
  private <I extends Structure, O extends Structure> O call(
      Stream to, Operation<I, O> operation, I input) {
    Call call = platform.background(to.scope(), "ecs-tasks");
    return platform.clients().call(call, operation, input);
  }

  @Override
  public void createGroup(Stream to) {
    unlessThere(
        () ->
            call(
                to,
                LogsApi.CREATE_LOG_GROUP,
                CreateLogGroupRequest.builder().logGroupName(to.group()).build()));
  }

  @Override
  public void createStream(Stream to) {
    unlessThere(
        () ->
            call(
                to,
                LogsApi.CREATE_LOG_STREAM,
                CreateLogStreamRequest.builder()
                    .logGroupName(to.group())
                    .logStreamName(to.name())
                    .build()));
  }

  private static void unlessThere(Runnable create) {
    try {
      create.run();
    } catch (AwsException e) {
      if (!e.is("ResourceAlreadyExistsException")) {
        throw e;
      }
    }
  }

  @Override
  public void put(Stream to, List<Event> events) {
    call(
        to,
        LogsApi.PUT_LOG_EVENTS,
        PutLogEventsRequest.builder()
            .logGroupName(to.group())
            .logStreamName(to.name())
            .logEvents(events.stream().map(e -> new InputLogEvent(e.at(), e.message())).toList())
            .build());
  }

  @Override
  public List<Event> tail(Stream to, int limit) {
    return call(
            to,
            LogsApi.GET_LOG_EVENTS,
            GetLogEventsRequest.builder()
                .logGroupName(to.group())
                .logStreamName(to.name())
                .startFromHead(false)
                .limit(limit)
                .build())
        .events()
        .stream()
        .map(e -> new Event(e.timestamp(), e.message()))
        .toList();
  }
}
