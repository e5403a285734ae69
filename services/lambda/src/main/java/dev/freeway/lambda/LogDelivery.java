package dev.freeway.lambda;

import dev.freeway.lambda.uses.logs.CreateLogGroupRequest;
import dev.freeway.lambda.uses.logs.CreateLogStreamRequest;
import dev.freeway.lambda.uses.logs.InputLogEvent;
import dev.freeway.lambda.uses.logs.LogsApi;
import dev.freeway.lambda.uses.logs.PutLogEventsRequest;
import dev.freeway.platform.Call;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.wire.AwsException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Puts lines into one stream of a log group; both are made when there is something to put.
final class LogDelivery {
  private static final System.Logger LOG = System.getLogger(LogDelivery.class.getName());
  private static final int MOST_EVENTS = 10_000;
  private static final int MOST_BYTES = 1_000_000;
  private static final int OVERHEAD = 26;

  private final Platform platform;
  private final Scope scope;
  private final String group;
  private final String stream;
  private boolean made;

  LogDelivery(Platform platform, Scope scope, String group, String stream) {
    this.platform = platform;
    this.scope = scope;
    this.group = group;
    this.stream = stream;
  }

  synchronized void deliver(List<EnvironmentLog.Line> lines) {
    Call call = platform.background(scope, "lambda");
    try {
      if (!made) {
        make(call);
        made = true;
      }
      List<InputLogEvent> batch = new ArrayList<>();
      int bytes = 0;
      for (EnvironmentLog.Line l : lines) {
        // CloudWatch Logs refuses empty messages.
        String text = l.text().isEmpty() ? " " : l.text();
        int size = text.getBytes(StandardCharsets.UTF_8).length + OVERHEAD;
        if (batch.size() == MOST_EVENTS || bytes + size > MOST_BYTES && !batch.isEmpty()) {
          put(call, batch);
          batch = new ArrayList<>();
          bytes = 0;
        }
        batch.add(new InputLogEvent(l.at(), text));
        bytes += size;
      }
      put(call, batch);
    } catch (AwsException e) {
      made = false;
      LOG.log(Level.WARNING, "{0} lines for {1} are lost: {2}", lines.size(), group, e.toString());
    }
  }

  private void put(Call call, List<InputLogEvent> events) {
    platform
        .clients()
        .call(
            call,
            LogsApi.PUT_LOG_EVENTS,
            PutLogEventsRequest.builder()
                .logGroupName(group)
                .logStreamName(stream)
                .logEvents(events)
                .build());
  }

  private void make(Call call) {
    unlessThere(
        () ->
            platform
                .clients()
                .call(
                    call,
                    LogsApi.CREATE_LOG_GROUP,
                    CreateLogGroupRequest.builder().logGroupName(group).build()));
    unlessThere(
        () ->
            platform
                .clients()
                .call(call, LogsApi.CREATE_LOG_STREAM, new CreateLogStreamRequest(group, stream)));
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
}
