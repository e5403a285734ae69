package dev.freeway.cloudwatch;

import dev.freeway.cloudwatch.uses.lambda.InvocationRequest;
import dev.freeway.cloudwatch.uses.lambda.LambdaApi;
import dev.freeway.cloudwatch.uses.sns.PublishInput;
import dev.freeway.cloudwatch.uses.sns.SnsApi;
import dev.freeway.flow.Outcome;
import dev.freeway.flow.Reconciler;
import dev.freeway.platform.Arn;
import dev.freeway.platform.Call;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.store.Key;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import dev.freeway.wire.AwsException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What alarms do when they enter a state: each action is done once, and told in the history.
final class Actions implements Reconciler {
  static final String KIND = "cloudwatch.action";
  private static final Table<Pending> TABLE = new Table<>("cloudwatch_actions", Pending.class);

  /// @param before the alarm as it was until then
  /// @param alarm as it was when it entered the state
  record Pending(String action, StoredAlarm before, StoredAlarm alarm, Instant at) {}

  private final Platform platform;
  private final History history;

  Actions(Platform platform, History history) {
    this.platform = platform;
    this.history = history;
  }

  void queue(Tx tx, StoredAlarm before, StoredAlarm after, Instant at) {
    for (String action : after.actions(after.state())) {
      String key = after.scope().key(Key.number(tx.next("cloudwatch_actions")));
      tx.put(TABLE, key, new Pending(action, before, after, at));
      platform.flow().wake(tx, KIND, key);
    }
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public Outcome reconcile(String key) {
    Pending p = platform.store().read(tx -> tx.get(TABLE, key)).orElse(null);
    if (p == null) {
      return Outcome.done();
    }
    String failure = perform(p);
    platform
        .store()
        .update(
            tx -> {
              tx.delete(TABLE, key);
              note(tx, p, failure);
            });
    return Outcome.done();
  }

  private void note(Tx tx, Pending p, @Nullable String failure) {
    var data =
        Json.map(
            "actionState",
            failure == null ? "Succeeded" : "Failed",
            "stateUpdateTimestamp",
            p.at().toEpochMilli(),
            "notificationResource",
            p.action(),
            "publishedMessage",
            failure == null ? Messages.of(p) : null,
            "error",
            failure);
    data.values().removeIf(java.util.Objects::isNull);
    history.add(
        tx,
        p.alarm(),
        platform.clock().instant(),
        "Action",
        failure == null
            ? "Successfully executed action " + p.action()
            : "Failed to execute action " + p.action() + ". Received error: \"" + failure + "\"",
        Json.write(data));
  }

  /// Why it could not be done; null when it was.
  private @Nullable String perform(Pending p) {
    Arn arn = Arn.parse(p.action()).orElse(null);
    if (arn == null) {
      return "Not an ARN";
    }
    try {
      switch (arn.service()) {
        case "sns" -> publish(p, arn);
        case "lambda" -> invoke(p, arn);
        case "autoscaling" -> {
          // Application Auto Scaling hears of the state by its event, as this action is queued.
          boolean ecs =
              arn.resource().startsWith("scalingPolicy:") && p.action().contains(":resource/ecs/");
          return ecs ? null : "Freeway's alarms cannot act on " + arn.service();
        }
        default -> {
          return "Freeway's alarms cannot act on " + arn.service();
        }
      }
      return null;
    } catch (AwsException e) {
      if (e.serverFault()) {
        throw e;
      }
      return e.code() + ": " + e.message();
    }
  }

  private void publish(Pending p, Arn topic) {
    Call call = platform.background(p.alarm().scope(), "cloudwatch", p.alarm().arn());
    platform
        .clients()
        .call(
            call.in(new Scope(topic.account(), topic.region())),
            SnsApi.PUBLISH,
            PublishInput.builder()
                .topicArn(p.action())
                .subject(Messages.subject(p.alarm()))
                .message(Json.write(Messages.of(p)))
                .build());
  }

  private void invoke(Pending p, Arn function) {
    Scope scope = new Scope(function.account(), function.region());
    platform
        .clients()
        .call(
            platform.background(scope, "lambda.alarms.cloudwatch", p.alarm().arn()),
            LambdaApi.INVOKE,
            InvocationRequest.builder()
                .functionName(p.action())
                .invocationType("Event")
                .payload(Json.write(Messages.event(p)).getBytes(StandardCharsets.UTF_8))
                .build());
  }
}
