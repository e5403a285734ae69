package dev.freeway.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.containers.ContainerSpec;
import dev.freeway.containers.SandboxSpec;
import dev.freeway.containers.TerminalSize;
import dev.freeway.containers.fake.FakeRuntime;
import dev.freeway.containers.fake.Program;
import dev.freeway.flow.SettableClock;
import dev.freeway.wire.Body;
import dev.freeway.wire.http.Headers;
import dev.freeway.wire.http.WireRequest;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class SessionsTest {
  private final SettableClock clock = new SettableClock(Instant.parse("2026-01-01T00:00:00Z"));
  private final FakeRuntime runtime = new FakeRuntime(spec -> Program.untilStopped(), clock);
  private final Sessions sessions = new Sessions(runtime, clock, "test-");
  private final BlockingQueue<FakeShell> shells = new LinkedBlockingQueue<>();
  private final FakeSocket client = new FakeSocket();

  SessionsTest() {
    runtime.createSandbox(SandboxSpec.named("s"));
    runtime.create(ContainerSpec.image("s", "main", "web").build());
    runtime.start("s.main");
    runtime.onExec(
        spec -> {
          try {
            assertEquals(List.of("sh", "-c", "a b"), spec.command());
            FakeShell shell = new FakeShell(spec.terminal());
            shells.add(shell);
            return shell;
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });
  }

  @AfterEach
  void close() {
    client.close(1001, "");
    sessions.close();
  }

  private Sessions.Ticket offer() {
    return sessions.offer(
        Target.of("ecs:c_t_r", "s.main", "task", "sh -c 'a b'"), id -> Transcript.NONE);
  }

  private Thread connect(FakeSocket socket, Sessions.Ticket ticket, String token) {
    String path = ticket.path().replaceFirst("\\?.*", "");
    var request = new WireRequest("GET", path, "", new Headers(), Body.of(""));
    assertTrue(sessions.matches(request));
    socket.says("{\"MessageSchemaVersion\":\"1.0\",\"TokenValue\":\"" + token + "\"}");
    return Thread.ofVirtual()
        .start(
            () -> {
              try {
                sessions.serve(request, socket);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }

  private FakeShell shell() throws Exception {
    FakeShell started = shells.poll(10, TimeUnit.SECONDS);
    assertNotNull(started, "the command was not started");
    return started;
  }

  /// A client after its handshake.
  private FakeShell open() throws Exception {
    Sessions.Ticket ticket = offer();
    connect(client, ticket, ticket.token());
    client.gotOutput(Payload.HANDSHAKE_REQUEST, "InteractiveCommands");
    client.input(
        Payload.HANDSHAKE_RESPONSE,
        "{\"ProcessedClientActions\":[{\"ActionType\":\"SessionType\",\"ActionStatus\":1}]}");
    client.gotOutput(Payload.HANDSHAKE_COMPLETE, "HandshakeTimeToComplete");
    return shell();
  }

  private void closedWith(String why) throws Exception {
    AgentMessage last = client.got(AgentMessage.CLOSED);
    assertEquals(why, DataChannel.json(last).path("Output").asString(""));
  }

  @Test
  void carriesKeysOutputAndSizeUntilTheCommandEnds() throws Exception {
    FakeShell shell = open();
    shell.shows("prompt");
    client.gotOutput(Payload.DATA, "prompt");
    client.input(Payload.DATA, "ls\r");
    assertEquals("ls\r", shell.typed(3));
    client.input(Payload.SIZE, "{\"cols\":120,\"rows\":30}");
    client.input(Payload.DATA, "x");
    assertEquals("x", shell.typed(1));
    assertEquals(new TerminalSize(120, 30), shell.size);
    shell.exits(3);
    closedWith("");
    assertEquals(1000, client.code());
  }

  @Test
  void aTokenIsGoodOnceForItsSessionAndForFiveMinutes() throws Exception {
    Sessions.Ticket ticket = offer();
    for (String token : List.of("", "x", offer().token())) {
      FakeSocket wrong = new FakeSocket();
      connect(wrong, ticket, token).join();
      assertEquals(1008, wrong.code());
    }
    connect(client, ticket, ticket.token());
    client.got(AgentMessage.OUTPUT);
    FakeSocket second = new FakeSocket();
    connect(second, ticket, ticket.token()).join();
    assertEquals(1008, second.code());
    Sessions.Ticket late = offer();
    clock.advance(Duration.ofMinutes(6));
    FakeSocket tooLate = new FakeSocket();
    connect(tooLate, late, late.token()).join();
    assertEquals(1008, tooLate.code());
  }

  @Test
  void aClientThatKnowsNoHandshakeIsServedToo() throws Exception {
    Sessions.Ticket ticket = offer();
    connect(client, ticket, ticket.token());
    client.input(Payload.SIZE, "{\"cols\":90,\"rows\":20}");
    assertEquals(new TerminalSize(90, 20), shell().size);
  }

  @Test
  void aClientThatRefusesTheHandshakeIsToldSo() throws Exception {
    Sessions.Ticket ticket = offer();
    connect(client, ticket, ticket.token());
    client.input(
        Payload.HANDSHAKE_RESPONSE,
        "{\"ProcessedClientActions\":[{\"ActionStatus\":2,\"Error\":\"no such type\"}]}");
    closedWith("Handshake failed: no such type");
    assertTrue(shells.isEmpty());
  }

  @Test
  void whatIsNotAcknowledgedIsSentAgain() throws Exception {
    FakeShell shell = open();
    shell.shows("once");
    client.gets("once");
    client.gets("once");
  }

  @Test
  void inputIsPutInOrderAndTakenOnce() throws Exception {
    FakeShell shell = open();
    client.keys(3, "c");
    client.keys(2, "b");
    client.keys(2, "b");
    client.keys(1, "a");
    client.keys(1, "a");
    client.keys(4, "d");
    assertEquals("abcd", shell.typed(4));
  }

  @Test
  void aPauseHoldsOutputBack() throws Exception {
    FakeShell shell = open();
    client.message(AgentMessage.PAUSE, 0, 0, "");
    client.input(Payload.DATA, "k");
    shell.typed(1);
    client.got(AgentMessage.ACKNOWLEDGE);
    shell.shows("later");
    assertFalse(client.getsSoon("later"));
    client.message(AgentMessage.START, 0, 0, "");
    client.gotOutput(Payload.DATA, "later");
  }

  @Test
  void twentyIdleMinutesEndASession() throws Exception {
    FakeShell shell = open();
    clock.advance(Duration.ofMinutes(19));
    shell.shows("alive");
    client.gotOutput(Payload.DATA, "alive");
    clock.advance(Duration.ofMinutes(19));
    shell.shows("still");
    client.gotOutput(Payload.DATA, "still");
    clock.advance(Duration.ofMinutes(21));
    closedWith("Your session has timed out due to inactivity.");
    assertEquals(137, shell.waitFor());
  }

  @Test
  void nonsenseEndsTheSession() throws Exception {
    FakeShell shell = open();
    client.bytes(new byte[200]);
    assertEquals(137, shell.waitFor());
    assertEquals(1007, client.code());
  }

  @Test
  void sessionsEndWithTheirTask() throws Exception {
    FakeShell shell = open();
    sessions.endIn("another");
    shell.shows("x");
    client.gotOutput(Payload.DATA, "x");
    sessions.endIn("task");
    closedWith("");
    assertEquals(137, shell.waitFor());
  }

  @Test
  void commandsAreSplitAsAShellWould() {
    assertEquals(
        List.of("sh", "-c", "echo \"a b\" > 'c'", "", "d e", "\\n"),
        CommandLine.split(" sh  -c 'echo \"a b\" > '\"'c'\" '' d\\ e \"\\n\""));
    for (String bad : List.of("", "  ", "sh 'x", "\"")) {
      assertThrows(IllegalArgumentException.class, () -> CommandLine.split(bad));
    }
  }
}
