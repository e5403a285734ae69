package dev.freeway.codecommit;

import dev.freeway.codecommit.api.RepositoryTrigger;
import dev.freeway.codecommit.uses.lambda.InvocationRequest;
import dev.freeway.codecommit.uses.lambda.LambdaApi;
import dev.freeway.codecommit.uses.sns.PublishInput;
import dev.freeway.codecommit.uses.sns.SnsApi;
import dev.freeway.flow.Outcome;
import dev.freeway.flow.Reconciler;
import dev.freeway.platform.Arn;
import dev.freeway.platform.Call;
import dev.freeway.platform.Ids;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import dev.freeway.wire.AwsException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.lib.Constants;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// Triggers of repositories: what changed is sent to their topics and functions.
/// https://docs.aws.amazon.com/codecommit/latest/userguide/how-to-notify-sns.html
final class Triggers implements Reconciler {
  static final String KIND = "codecommit.trigger";
  private static final Logger LOG = System.getLogger(Triggers.class.getName());
  private static final Table<Configured> TABLE =
      new Table<>("codecommit_triggers", Configured.class);
  private static final Table<Message> MESSAGES =
      new Table<>("codecommit_trigger_messages", Message.class);

  /// A repository's triggers; the id changes with them.
  record Configured(String id, List<RepositoryTrigger> triggers) {}

  /// What is to be sent.
  record Message(String account, String region, String destination, String subject, String body) {}

  /// A reference that changed.
  ///
  /// @param commit null when it was deleted
  record Change(String reference, @Nullable String commit, boolean created) {
    String event() {
      return created ? "createReference" : commit == null ? "deleteReference" : "updateReference";
    }
  }

  private final Platform platform;

  Triggers(Platform platform) {
    this.platform = platform;
  }

  Optional<Configured> find(ReadTx tx, Repository r) {
    return tx.get(TABLE, r.id());
  }

  void save(Tx tx, Repository r, Configured configured) {
    tx.put(TABLE, r.id(), configured);
  }

  void forget(Tx tx, Repository r) {
    tx.delete(TABLE, r.id());
  }

  /// Part of the transaction that tells of the change.
  void changed(Tx tx, Repository r, String caller, Change change, Instant at) {
    Optional<Configured> configured = find(tx, r);
    if (configured.isEmpty()) {
      return;
    }
    for (RepositoryTrigger trigger : configured.get().triggers()) {
      if (wants(trigger, change)) {
        String body =
            body(
                r, configured.get().id(), trigger, caller, List.of(change), "ReferenceChanges", at);
        String key = Key.of(r.id(), Ids.uuid());
        tx.put(MESSAGES, key, message(r, trigger, body));
        platform.flow().wake(tx, KIND, key);
      }
    }
  }

  private static boolean wants(RepositoryTrigger trigger, Change change) {
    boolean event = trigger.events().contains("all") || trigger.events().contains(change.event());
    List<String> branches = trigger.branches();
    return event
        && (branches == null
            || branches.isEmpty()
            || change.reference().startsWith(Constants.R_HEADS)
                && branches.contains(change.reference().substring(Constants.R_HEADS.length())));
  }

  private static Message message(Repository r, RepositoryTrigger trigger, String body) {
    return new Message(
        r.account(),
        r.region(),
        trigger.destinationArn(),
        "UPDATE: AWS CodeCommit " + r.region() + " push: " + r.name(),
        body);
  }

  /// Sends a sample now. Throws what the destination answers.
  void test(Repository r, RepositoryTrigger trigger, String caller, List<Change> sample) {
    send(
        message(
            r,
            trigger,
            body(
                r,
                Ids.uuid(),
                trigger,
                caller,
                sample,
                "TriggerEventTest",
                platform.clock().instant())));
  }

  private static String body(
      Repository r,
      String configuration,
      RepositoryTrigger trigger,
      String caller,
      List<Change> changes,
      String event,
      Instant at) {
    Map<String, Object> record = new LinkedHashMap<>();
    record.put("awsRegion", r.region());
    record.put(
        "codecommit", Map.of("references", changes.stream().map(Triggers::reference).toList()));
    if (trigger.customData() != null) {
      record.put("customData", trigger.customData());
    }
    record.put("eventId", Ids.uuid());
    record.put("eventName", event);
    record.put("eventPartNumber", 1);
    record.put("eventSource", "aws:codecommit");
    record.put("eventSourceARN", r.arn());
    record.put("eventTime", at.toString().replaceFirst("(\\.\\d{3})?\\d*Z$", "$1+0000"));
    record.put("eventTotalParts", 1);
    record.put("eventTriggerConfigId", configuration);
    record.put("eventTriggerName", trigger.name());
    record.put("eventVersion", "1.0");
    record.put("userIdentityARN", caller);
    return JsonMapper.shared().writeValueAsString(Map.of("Records", List.of(record)));
  }

  private static Map<String, Object> reference(Change c) {
    Map<String, Object> out = new LinkedHashMap<>();
    if (c.commit() != null) {
      out.put("commit", c.commit());
    }
    if (c.created()) {
      out.put("created", true);
    }
    if (c.commit() == null) {
      out.put("deleted", true);
    }
    out.put("ref", c.reference());
    return out;
  }

  @Override
  public String kind() {
    return KIND;
  }

  /// A topic that is gone does not come back: as on AWS, nobody is told.
  @Override
  public Outcome reconcile(String key) {
    Optional<Message> message = platform.store().read(tx -> tx.get(MESSAGES, key));
    if (message.isPresent()) {
      try {
        send(message.get());
      } catch (AwsException e) {
        LOG.log(
            Level.WARNING,
            "a trigger could not be sent to {0}: {1}",
            message.get().destination(),
            e.getMessage());
      }
      platform.store().update(tx -> tx.delete(MESSAGES, key));
    }
    return Outcome.done();
  }

  /// A topic or function decides by its policy which repositories may turn to it.
  private Call call(Arn target, Message m) {
    String repository =
        JsonMapper.shared()
            .readTree(m.body())
            .path("Records")
            .path(0)
            .path("eventSourceARN")
            .asString();
    return platform.background(
        new Scope(target.account(), target.region()), "codecommit", repository);
  }

  private void invoke(Arn function, Message m) {
    platform
        .clients()
        .call(
            call(function, m),
            LambdaApi.INVOKE,
            InvocationRequest.builder()
                .functionName(function.toString())
                .invocationType("Event")
                .payload(m.body().getBytes(StandardCharsets.UTF_8))
                .build());
  }

  private void send(Message m) {
    Arn arn = Arn.parse(m.destination()).orElseThrow();
    if (arn.service().equals("lambda")) {
      invoke(arn, m);
      return;
    }
    platform
        .clients()
        .call(
            call(arn, m),
            SnsApi.PUBLISH,
            PublishInput.builder()
                .topicArn(m.destination())
                .subject(m.subject())
                .message(m.body())
                .build());
  }
}
