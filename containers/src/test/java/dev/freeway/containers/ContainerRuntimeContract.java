package dev.freeway.containers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What every runtime must do. A subclass says how to get one and which commands behave in the ways
/// named here.
@Timeout(60)
public abstract class ContainerRuntimeContract {
  protected abstract ContainerRuntime runtime();

  /// A root in which the commands below exist.
  protected abstract RootFs root();

  /// The reference of an image that does not exist.
  protected RootFs missing() {
    return new RootFs.Image("example/absent:1");
  }

  protected abstract List<String> exits(int code);

  /// Writes "out 1", "err 1", "out 2" and ends.
  protected abstract List<String> printsThreeLines();

  /// Prints "ready", runs until TERM comes, then ends with 143.
  protected abstract List<String> waitsForTerm();

  /// Prints "ready" and ignores TERM.
  protected abstract List<String> ignoresTerm();

  protected String sandbox(String name) {
    return runtime().createSandbox(SandboxSpec.named(name)).name();
  }

  protected String container(String sandbox, List<String> command) {
    var spec = ContainerSpec.of(sandbox, "main", root()).command(command).build();
    return runtime().create(spec).id();
  }

  protected String started(String sandbox, List<String> command) {
    var id = container(sandbox, command);
    runtime().start(id);
    return id;
  }

  protected void awaitReady(String id) throws InterruptedException {
    try (var logs = runtime().logs(id, LogPosition.START, true)) {
      var line = logs.next();
      assertEquals("ready", line == null ? "nothing" : line.text());
    }
  }

  @Test
  void givesTheExitCode() throws Exception {
    var id = started(sandbox("codes"), exits(3));
    assertEquals(3, runtime().waitFor(id).code());
    assertInstanceOf(Container.State.Exited.class, runtime().inspect(id).orElseThrow().state());
  }

  @Test
  void keepsLinesOfBothStreamsInOrder() throws Exception {
    var id = started(sandbox("lines"), printsThreeLines());
    runtime().waitFor(id);
    var lines = runtime().logs(id, LogPosition.START, false).readAll();
    assertEquals(
        List.of("out 1", "out 2"),
        lines.stream()
            .filter(l -> l.stream() == LogLine.Stream.STDOUT)
            .map(LogLine::text)
            .toList());
    assertEquals(
        List.of("err 1"),
        lines.stream()
            .filter(l -> l.stream() == LogLine.Stream.STDERR)
            .map(LogLine::text)
            .toList());
  }

  @Test
  void tellsWhenThingsHappened() throws Exception {
    var before = Instant.now().minusMillis(1);
    var id = started(sandbox("times"), printsThreeLines());
    var ended = runtime().waitFor(id).at();
    var line = runtime().logs(id, LogPosition.START, false).readAll().getFirst().at();
    assertTrue(!line.isBefore(before) && !ended.isBefore(line), before + " " + line + " " + ended);
    assertTrue(!ended.isAfter(Instant.now().plusMillis(1)));
  }

  @Test
  void goesOnReadingWhereAReaderStopped() throws Exception {
    var id = started(sandbox("resume"), printsThreeLines());
    runtime().waitFor(id);
    var all = runtime().logs(id, LogPosition.START, false).readAll();
    var rest = runtime().logs(id, all.getFirst().next(), false).readAll();
    assertEquals(all.subList(1, all.size()), rest);
  }

  @Test
  void followsUntilTheContainerHasExited() throws Exception {
    var id = started(sandbox("follow"), waitsForTerm());
    var logs = runtime().logs(id, LogPosition.START, true);
    var first = logs.next();
    assertEquals("ready", first == null ? "" : first.text());
    runtime().stop(id, Duration.ofSeconds(30));
    assertNull(logs.next());
  }

  @Test
  void stopsWithTheStopSignal() throws Exception {
    var id = started(sandbox("stop"), waitsForTerm());
    awaitReady(id);
    assertEquals(143, runtime().stop(id, Duration.ofSeconds(30)).code());
  }

  @Test
  void killsWhatIgnoresTheStopSignal() throws Exception {
    var id = started(sandbox("stubborn"), ignoresTerm());
    awaitReady(id);
    assertEquals(137, runtime().stop(id, Duration.ofMillis(200)).code());
  }

  @Test
  void saysWhyACommandCannotRun() throws Exception {
    var id = started(sandbox("nothing"), List.of("no-such-command"));
    var status = runtime().waitFor(id);
    assertEquals(127, status.code());
    assertTrue(status.reason().contains("no such command"), status.reason());
  }

  @Test
  void refusesAnImageThatIsMissing() {
    var name = sandbox("missing");
    var spec = ContainerSpec.of(name, "main", missing()).build();
    var problem =
        assertThrows(ContainerException.ImageNotFound.class, () -> runtime().create(spec));
    assertTrue(problem.getMessage().contains("example/absent:1"), problem.getMessage());
    assertTrue(runtime().list(Map.of()).isEmpty());
  }

  @Test
  void refusesNamesInUse() {
    var name = sandbox("twice");
    assertThrows(
        ContainerException.Conflict.class,
        () -> runtime().createSandbox(SandboxSpec.named("twice")));
    container(name, exits(0));
    assertThrows(ContainerException.Conflict.class, () -> container(name, exits(0)));
  }

  @Test
  void startsOnlyOnceWhenAskedTwiceAtOnce() throws Exception {
    var id = container(sandbox("race"), waitsForTerm());
    var outcomes = new java.util.concurrent.ConcurrentLinkedQueue<String>();
    Runnable start =
        () -> {
          try {
            runtime().start(id);
            outcomes.add("started");
          } catch (ContainerException.Conflict e) {
            outcomes.add("conflict");
          }
        };
    var one = Thread.ofVirtual().start(start);
    var two = Thread.ofVirtual().start(start);
    one.join();
    two.join();
    assertEquals(List.of("conflict", "started"), outcomes.stream().sorted().toList());
  }

  @Test
  void givesEachSandboxAnAddress() {
    var one = runtime().createSandbox(SandboxSpec.named("one"));
    var two = runtime().createSandbox(SandboxSpec.named("two"));
    assertFalse(one.address().equals(two.address()));
    assertEquals(one.address(), runtime().endpoint("one", 80).getAddress().getHostAddress());
  }

  @Test
  void listsByLabel() {
    runtime().createSandbox(SandboxSpec.named("blue").labels(Map.of("colour", "blue", "n", "1")));
    runtime().createSandbox(SandboxSpec.named("red").labels(Map.of("colour", "red")));
    var spec =
        ContainerSpec.of("blue", "main", root()).command(exits(0)).labels(Map.of("a", "b")).build();
    runtime().create(spec);
    assertEquals("blue", runtime().sandboxes(Map.of("colour", "blue")).getFirst().name());
    assertEquals(1, runtime().sandboxes(Map.of("colour", "blue")).size());
    assertEquals(List.of("blue.main"), ids(Map.of("a", "b")));
    assertEquals(List.of(), ids(Map.of("a", "c")));
  }

  private List<String> ids(Map<String, String> labels) {
    return runtime().list(labels).stream().map(Container::id).toList();
  }

  @Test
  void removesASandboxWithWhatRunsInIt() throws Exception {
    var id = started(sandbox("gone"), waitsForTerm());
    awaitReady(id);
    runtime().removeSandbox("gone");
    assertTrue(runtime().inspect(id).isEmpty());
    assertTrue(runtime().sandboxes(Map.of()).isEmpty());
    assertThrows(ContainerException.NotFound.class, () -> runtime().waitFor(id));
    runtime().removeSandbox("gone");
  }

  @Test
  void wakesAWaiterWhenTheContainerIsRemoved() throws Exception {
    var id = started(sandbox("waiter"), waitsForTerm());
    awaitReady(id);
    var outcome = new java.util.concurrent.CompletableFuture<String>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                outcome.complete("exit " + runtime().waitFor(id).code());
              } catch (ContainerException.NotFound e) {
                outcome.complete("removed");
              } catch (InterruptedException e) {
                outcome.completeExceptionally(e);
              }
            });
    runtime().remove(id);
    assertTrue(Set.of("removed", "exit 137").contains(outcome.get()));
  }

  @Test
  void reapsWhatNobodyKnows() {
    sandbox("known");
    sandbox("unknown");
    assertEquals(List.of("unknown"), runtime().reapAllBut(Set.of("known")));
    assertEquals(1, runtime().sandboxes(Map.of()).size());
  }
}
