package dev.freeway.ecs;

import static org.junit.jupiter.api.Assertions.*;

import dev.freeway.containers.ContainerSpec;
import dev.freeway.containers.SandboxSpec;
import dev.freeway.containers.fake.FakeRuntime;
import dev.freeway.platform.Scope;
import dev.freeway.testkit.TestNode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

final class LogShipperTest {
  private static final LogSink.Stream STREAM =
      new LogSink.Stream(new Scope("000000000000", "us-east-1"), "g", "s");

  /// Plays a crash right after a batch has arrived, before its position is stored.
  private static final class Crash extends Error {
    private static final long serialVersionUID = 1L;
  }

  @Test
  void aCrashBetweenABatchAndItsPositionNeitherLosesNorDoublesLines() throws Exception {
    FakeSink kept = new FakeSink();
    CountDownLatch crashed = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    try (var node = TestNode.of()) {
      FakeRuntime runtime =
          new FakeRuntime(
              spec ->
                  process -> {
                    process.out("one");
                    process.out("two");
                    goOn.await();
                    process.out("three");
                    return 0;
                  },
              node.platform().clock());
      runtime.createSandbox(SandboxSpec.named("t"));
      runtime.create(ContainerSpec.image("t", "c", "x").build());
      runtime.start("t.c");
      LogSink crashing =
          new ForwardingSink(kept) {
            @Override
            public void put(Stream stream, List<Event> events) {
              super.put(stream, events);
              crashed.countDown();
              throw new Crash();
            }
          };
      Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
      Thread.setDefaultUncaughtExceptionHandler((t, e) -> assertInstanceOf(Crash.class, e));
      LogShipper.start(node.platform(), runtime, crashing, "t.c", STREAM);
      crashed.await();
      goOn.countDown();
      LogShipper again = LogShipper.start(node.platform(), runtime, kept, "t.c", STREAM);
      assertTrue(again.join(Duration.ofSeconds(10)));
      Thread.setDefaultUncaughtExceptionHandler(before);
      assertEquals(List.of("one", "two", "three"), kept.messages());

      LogShipper third = LogShipper.start(node.platform(), runtime, kept, "t.c", STREAM);
      assertTrue(third.join(Duration.ofSeconds(10)));
      assertEquals(List.of("one", "two", "three"), kept.messages(), "from the stored position");
    }
  }

  private static class ForwardingSink implements LogSink {
    private final LogSink to;

    ForwardingSink(LogSink to) {
      this.to = to;
    }

    @Override
    public void createGroup(Stream stream) {
      to.createGroup(stream);
    }

    @Override
    public void createStream(Stream stream) {
      to.createStream(stream);
    }

    @Override
    public void put(Stream stream, List<Event> events) {
      to.put(stream, events);
    }

    @Override
    public List<Event> tail(Stream stream, int limit) {
      return to.tail(stream, limit);
    }
  }
}
