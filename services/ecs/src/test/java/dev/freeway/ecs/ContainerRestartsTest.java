package dev.freeway.ecs;

import static dev.freeway.ecs.api.EcsApi.*;
import static org.junit.jupiter.api.Assertions.*;

import dev.freeway.containers.fake.Program;
import dev.freeway.ecs.api.*;
import dev.freeway.wire.AwsException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Containers with a restart policy.
final class ContainerRestartsTest extends EcsFixture {
  private final LinkedBlockingQueue<Integer> exits = new LinkedBlockingQueue<>();
  private final AtomicInteger starts = new AtomicInteger();

  @BeforeEach
  void prepare() {
    cluster();
    Program ends =
        process -> {
          process.out("start " + starts.incrementAndGet());
          return exits.take();
        };
    programs.put("flaky", ends);
  }

  private String start(ContainerRestartPolicy policy) {
    var logs =
        LogConfiguration.builder()
            .logDriver("awslogs")
            .options(Map.of("awslogs-group", "g", "awslogs-create-group", "true"))
            .build();
    String arn =
        run(define(container("web", "flaky").restartPolicy(policy).logConfiguration(logs).build()))
            .taskArn();
    until("runs", () -> task(arn).lastStatus().equals("RUNNING") && starts.get() == 1);
    return arn;
  }

  private static ContainerRestartPolicy.Builder policy() {
    return ContainerRestartPolicy.builder().enabled(true).restartAttemptPeriod(60);
  }

  @Test
  void startsAgainAfterItsPeriodAndLosesNoLine() {
    String arn = start(policy().build());
    node.advance(Duration.ofSeconds(60));
    exits.add(1);
    until("again", () -> starts.get() == 2);
    until("runs", () -> task(arn).containers().getFirst().lastStatus().equals("RUNNING"));
    assertEquals("RUNNING", task(arn).lastStatus());
    until("both lines", () -> sink.messages().equals(List.of("start 1", "start 2")));

    // It ran for less than its period this time.
    node.advance(Duration.ofSeconds(59));
    exits.add(4);
    untilStatus(arn, "STOPPED");
    assertEquals(4, task(arn).containers().getFirst().exitCode());
    assertEquals("EssentialContainerExited", task(arn).stopCode());
  }

  @Test
  void doesNotStartAgainAfterACodeThatIsIgnored() {
    String arn = start(policy().ignoredExitCodes(List.of(0, 7)).build());
    node.advance(Duration.ofMinutes(5));
    exits.add(7);
    untilStatus(arn, "STOPPED");
    assertEquals(1, starts.get());
  }

  @Test
  void doesNotStartAgainWithoutAPolicy() {
    String arn = start(policy().enabled(false).build());
    node.advance(Duration.ofMinutes(5));
    exits.add(1);
    untilStatus(arn, "STOPPED");
    assertEquals(1, starts.get());
  }

  @ParameterizedTest
  @ValueSource(ints = {59, 1801})
  void refusesPeriodsThatAwsRefuses(int seconds) {
    var wrong =
        container("web", "web").restartPolicy(policy().restartAttemptPeriod(seconds).build());
    AwsException e = assertThrows(AwsException.class, () -> define(wrong.build()));
    assertEquals("ClientException", e.code());
  }

  @ParameterizedTest
  @ValueSource(strings = {"awsfirelens", "syslog", "json-file", "awslogs"})
  void refusesLogDriversThatFargateOrFreewayHasNot(String driver) {
    var wrong =
        container("web", "web")
            .logConfiguration(LogConfiguration.builder().logDriver(driver).build());
    AwsException e = assertThrows(AwsException.class, () -> define(wrong.build()));
    assertEquals("ClientException", e.code());
    assertTrue(e.message().contains(driver), e.message());
  }
}
