package dev.freeway.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.freeway.store.Store;
import dev.freeway.store.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StepsTest {
  record Image(String digest) {}

  static final Table<Image> RELEASED = new Table<>("released", Image.class);

  final Store store = Store.ephemeral();
  final SettableClock clock = new SettableClock(FlowTest.START);
  final List<String> log = new ArrayList<>();
  boolean failing;

  @AfterEach
  void close() {
    store.close();
  }

  Outcome release(String key) throws Exception {
    var steps = new Steps(store, "release", key);
    var image =
        steps.run(
            "build",
            Image.class,
            () -> {
              log.add("build");
              return new Image("sha256:1");
            });
    long number =
        steps.commit(
            "number",
            Long.class,
            tx -> {
              log.add("number");
              return tx.next("releases");
            });
    steps.run(
        "start",
        String.class,
        () -> {
          log.add("start " + image.digest() + " " + number);
          if (failing) {
            throw new IllegalStateException("crash");
          }
          return "task";
        });
    store.update(
        tx -> {
          tx.put(RELEASED, key, image);
          steps.forget(tx);
        });
    return Outcome.done();
  }

  Flow started() {
    var flow = new Flow(store, clock);
    flow.register(new Scripted("release", this::release));
    flow.startManually();
    return flow;
  }

  @Test
  void goesOnAtTheStepThatDidNotFinish() {
    failing = true;
    var flow = started();
    flow.nudge("release", "a");
    flow.tick();
    assertEquals(List.of("build", "number", "start sha256:1 1"), log);
    failing = false;
    clock.advance(Duration.ofSeconds(1));
    var restarted = started();
    restarted.tick();
    assertEquals(List.of("build", "number", "start sha256:1 1", "start sha256:1 1"), log);
    assertEquals(List.of(), restarted.pending());
  }

  @Test
  void aFinishedWholeStartsAnew() {
    var flow = started();
    flow.nudge("release", "a");
    flow.tick();
    flow.nudge("release", "a");
    flow.tick();
    assertEquals(
        List.of("build", "number", "start sha256:1 1", "build", "number", "start sha256:1 2"), log);
  }

  @Test
  void thingsHaveTheirOwnSteps() {
    var flow = started();
    flow.nudge("release", "a");
    flow.nudge("release", "b");
    flow.tick();
    assertEquals(2, log.stream().filter("build"::equals).count());
  }
}
