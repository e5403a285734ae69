package dev.freeway.logs;

import dev.freeway.flow.Outcome;
import dev.freeway.flow.Reconciler;
import dev.freeway.logs.Chunk.Line;
import dev.freeway.logs.api.SubscriptionFilter;
import dev.freeway.logs.uses.lambda.InvocationRequest;
import dev.freeway.logs.uses.lambda.LambdaApi;
import dev.freeway.platform.Arn;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.store.Key;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import dev.freeway.wire.AwsException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Batches of log events on their way to functions: stored with the events, sent at least once.
final class SubscriptionDelivery implements Reconciler {
  private static final String KIND = "logs.subscription";
  private static final Table<Batch> TABLE = new Table<>("logs_subscription_batches", Batch.class);
  private static final System.Logger LOG = System.getLogger(SubscriptionDelivery.class.getName());

  // The function gets the batch compressed, and an event has a limit.
  private static final int MOST_LINES = 2_000;

  /// @param json what the function gets, before it is compressed
  record Batch(String account, String region, String group, String function, String json) {}

  private final Platform platform;

  SubscriptionDelivery(Platform platform) {
    this.platform = platform;
  }

  void add(Tx tx, Group group, String stream, SubscriptionFilter filter, List<Line> lines) {
    for (int from = 0; from < lines.size(); from += MOST_LINES) {
      List<Line> part = lines.subList(from, Math.min(lines.size(), from + MOST_LINES));
      String key = Key.number(tx.next("logs_subscription_batch"));
      String json = json(group, stream, filter.filterName(), part, key);
      Scope scope = group.scope();
      tx.put(
          TABLE,
          key,
          new Batch(scope.account(), scope.region(), group.name(), filter.destinationArn(), json));
      platform.flow().wake(tx, KIND, key);
    }
  }

  private static String json(
      Group group, String stream, String filter, List<Line> lines, String batch) {
    ObjectNode all = JsonMapper.shared().createObjectNode();
    all.put("messageType", "DATA_MESSAGE").put("owner", group.scope().account());
    all.put("logGroup", group.name()).put("logStream", stream);
    all.putArray("subscriptionFilters").add(filter);
    ArrayNode events = all.putArray("logEvents");
    for (int i = 0; i < lines.size(); i++) {
      Line l = lines.get(i);
      events
          .addObject()
          .put("id", Key.number(Math.max(0, l.at())) + batch + "%018d".formatted(i))
          .put("timestamp", l.at())
          .put("message", l.text());
    }
    return all.toString();
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public Outcome reconcile(String key) {
    Batch b = platform.store().read(tx -> tx.get(TABLE, key)).orElse(null);
    if (b == null) {
      return Outcome.done();
    }
    String data = Base64.getEncoder().encodeToString(compressed(b.json()));
    byte[] event = ("{\"awslogs\":{\"data\":\"" + data + "\"}}").getBytes(StandardCharsets.UTF_8);
    try {
      invoke(new Scope(b.account(), b.region()), b.group(), b.function(), "Event", event);
    } catch (AwsException e) {
      if (e.serverFault()) {
        return Outcome.failed(e);
      }
      LOG.log(
          Level.WARNING,
          "log events of {0} are not taken by {1}: {2}",
          b.group(),
          b.function(),
          e.toString());
    }
    platform.store().update(tx -> tx.delete(TABLE, key));
    return Outcome.done();
  }

  void invoke(Scope scope, String group, String function, String type, byte[] event) {
    Arn arn = Arn.parse(function).orElseThrow();
    String source = scope.arn("logs", "log-group:" + group + ":*").toString();
    platform
        .clients()
        .call(
            platform.background(new Scope(arn.account(), arn.region()), "logs", source),
            LambdaApi.INVOKE,
            InvocationRequest.builder()
                .functionName(function)
                .invocationType(type)
                .payload(event)
                .build());
  }

  private static byte[] compressed(String text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
