package dev.freeway.events;

import dev.freeway.events.api.*;
import dev.freeway.flow.Outcome;
import dev.freeway.flow.Reconciler;
import dev.freeway.platform.Arn;
import dev.freeway.platform.Call;
import dev.freeway.platform.Page;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Table;
import dev.freeway.wire.AwsException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Replays: started, seen, cancelled; some events a step, each step with how far it is in one
/// transaction, so that after a crash no event is sent twice and none is left out.
final class Replays implements Reconciler {
  private static final String KIND = "events.replay";
  private static final int STEP = 100;
  private static final int PAGE = 100;
  private static final Table<Replay> TABLE = new Table<>("events_replays", Replay.class);

  private final Platform platform;
  private final Buses buses;
  private final Archives archives;
  private final Router router;

  Replays(Platform platform, Buses buses, Archives archives, Router router) {
    this.platform = platform;
    this.buses = buses;
    this.archives = archives;
    this.router = router;
  }

  StartReplayResponse start(Call call, StartReplayRequest in) {
    if (!in.eventEndTime().isAfter(in.eventStartTime())) {
      throw AwsException.client(
          "ValidationException",
          "Parameter EventEndTime is not valid. Reason: EventStartTime must be before EventEndTime.");
    }
    String archive =
        Arn.parse(in.eventSourceArn())
            .map(Arn::resource)
            .filter(r -> r.startsWith("archive/"))
            .map(r -> r.substring("archive/".length()))
            .orElseThrow(
                () ->
                    AwsException.client(
                        "ValidationException",
                        "Parameter EventSourceArn is not valid. Reason: Must contain an archive ARN."));
    Replay replay =
        new Replay(
            call.scope(),
            in.replayName(),
            in.description(),
            archive,
            in.destination(),
            in.eventStartTime(),
            in.eventEndTime(),
            "STARTING",
            null,
            "",
            null,
            call.at(),
            null);
    platform
        .store()
        .update(
            tx -> {
              Archive source = archives.require(tx, call.scope(), archive);
              String bus = Buses.nameOf(in.destination().arn());
              buses.require(tx, call.scope(), bus);
              if (!bus.equals(source.bus())) {
                throw AwsException.client(
                    "ValidationException",
                    "Parameter Destination.Arn is not valid. Reason: Cross event bus replay is not permitted.");
              }
              if (!tx.insertIfAbsent(TABLE, replay.row(), replay)) {
                throw EventsErrors.resourceAlreadyExistsException(
                    "Replay " + in.replayName() + " already exists.");
              }
              platform.flow().wake(tx, KIND, replay.row());
            });
    return StartReplayResponse.builder()
        .replayArn(replay.arn())
        .state(replay.state())
        .replayStartTime(replay.started())
        .build();
  }

  DescribeReplayResponse describe(Call call, DescribeReplayRequest in) {
    Replay r = platform.store().read(tx -> require(tx, call.scope(), in.replayName()));
    return DescribeReplayResponse.builder()
        .replayName(r.name())
        .replayArn(r.arn())
        .description(r.description())
        .state(r.state())
        .stateReason(r.reason())
        .eventSourceArn(r.archiveArn())
        .destination(r.destination())
        .eventStartTime(r.from())
        .eventEndTime(r.to())
        .eventLastReplayedTime(r.last())
        .replayStartTime(r.started())
        .replayEndTime(r.ended())
        .build();
  }

  ListReplaysResponse list(Call call, ListReplaysRequest in) {
    String prefix = in.namePrefix() == null ? "" : in.namePrefix();
    Scope scope = call.scope();
    List<Replay> all =
        platform
            .store()
            .read(tx -> tx.scan(TABLE, Key.prefix(scope.account(), scope.region())))
            .stream()
            .map(Row::value)
            .filter(r -> r.name().startsWith(prefix))
            .filter(r -> in.state() == null || in.state().equals(r.state()))
            .filter(r -> in.eventSourceArn() == null || in.eventSourceArn().equals(r.archiveArn()))
            .toList();
    var page =
        Page.of(all, Replay::name, in.nextToken(), in.limit(), PAGE, BusOperations.badToken());
    return ListReplaysResponse.builder()
        .replays(
            page.map(
                r ->
                    dev.freeway.events.api.Replay.builder()
                        .replayName(r.name())
                        .eventSourceArn(r.archiveArn())
                        .state(r.state())
                        .stateReason(r.reason())
                        .eventStartTime(r.from())
                        .eventEndTime(r.to())
                        .eventLastReplayedTime(r.last())
                        .replayStartTime(r.started())
                        .replayEndTime(r.ended())
                        .build()))
        .nextToken(page.nextToken())
        .build();
  }

  CancelReplayResponse cancel(Call call, CancelReplayRequest in) {
    Replay cancelled =
        platform
            .store()
            .write(
                tx -> {
                  Replay r = require(tx, call.scope(), in.replayName());
                  if (r.over()) {
                    throw EventsErrors.illegalStatusException(
                        "Replay " + r.name() + " is not in a valid state for this operation.");
                  }
                  tx.put(TABLE, r.row(), r.in("CANCELLING"));
                  platform.flow().wake(tx, KIND, r.row());
                  return r.in("CANCELLING");
                });
    return CancelReplayResponse.builder()
        .replayArn(cancelled.arn())
        .state(cancelled.state())
        .build();
  }

  private static Replay require(ReadTx tx, Scope scope, String name) {
    return tx.get(TABLE, scope.key(name))
        .orElseThrow(
            () -> EventsErrors.resourceNotFoundException("Replay " + name + " does not exist."));
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public Outcome reconcile(String key) {
    return platform
        .store()
        .write(
            tx -> {
              Replay r = tx.get(TABLE, key).orElse(null);
              if (r == null || r.over()) {
                return Outcome.done();
              }
              var now = platform.clock().instant();
              if (r.state().equals("CANCELLING")) {
                tx.put(TABLE, key, r.over("CANCELLED", null, now));
                return Outcome.done();
              }
              Optional<Archive> archive = archives.find(tx, r.scope(), r.archive());
              if (archive.isEmpty()) {
                tx.put(TABLE, key, r.over("FAILED", "The archive was deleted.", now));
                return Outcome.done();
              }
              var events = archives.events(tx, archive.get(), r.reached(), r.from(), r.to(), STEP);
              if (events.isEmpty()) {
                tx.put(TABLE, key, r.over("COMPLETED", null, now));
                return Outcome.done();
              }
              List<String> rules = r.destination().filterArns();
              for (Row<Archives.Kept> row : events) {
                ObjectNode event = (ObjectNode) row.value().event();
                event.put("replay-name", r.name());
                router.replay(tx, r.scope(), archive.get().bus(), event, rules);
              }
              Row<Archives.Kept> last = events.getLast();
              tx.put(TABLE, key, r.reached(last.key(), last.value().time()));
              return Outcome.retryAfter(Duration.ZERO);
            });
  }
}
