package dev.freeway.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ProberTest {
  private static final HealthCheck CHECK = HealthCheck.http("/up").withMatcher("200-299");

  private static ProbeResult probe(String answer) throws Exception {
    try (TestTarget target =
        new TestTarget(
            talk -> {
              talk.head();
              talk.say(answer);
            })) {
      return Prober.NETWORK.probe(target.target(), CHECK);
    }
  }

  @Test
  void looksAtTheCode() throws Exception {
    assertEquals(new ProbeResult.Passed(), probe("HTTP/1.1 204 No Content\r\n\r\n"));
    assertEquals(new ProbeResult.WrongCode(301), probe("HTTP/1.0 301 Moved\r\n\r\n"));
    assertEquals(new ProbeResult.Failed(), probe("SSH-2.0-OpenSSH_9.2\r\n"));
    assertEquals(new ProbeResult.Failed(), probe(""));
  }

  @Test
  void refusalFailsAndSilenceTimesOut() throws Exception {
    assertEquals(
        new ProbeResult.Failed(), Prober.NETWORK.probe(Target.at(TestTarget.nobody()), CHECK));
    CountDownLatch over = new CountDownLatch(1);
    try (TestTarget silent = new TestTarget(talk -> ErrorsTest.await(over))) {
      HealthCheck quick = CHECK.withTiming(Duration.ofSeconds(5), Duration.ofMillis(50));
      assertEquals(new ProbeResult.TimedOut(), Prober.NETWORK.probe(silent.target(), quick));
      over.countDown();
    }
  }

  @Test
  void asksAsAnApplicationLoadBalancerDoes() throws Exception {
    AtomicReference<String> asked = new AtomicReference<>();
    try (TestTarget target =
        new TestTarget(
            talk -> {
              asked.set(talk.head());
              talk.say("HTTP/1.1 200 OK\r\n\r\n");
            })) {
      Prober.NETWORK.probe(target.target(), CHECK);
      assertTrue(asked.get().startsWith("GET /up HTTP/1.1\r\nHost: 127.0.0.1:"), asked.get());
      assertTrue(asked.get().contains("\r\nUser-Agent: ELB-HealthChecker/2.0\r\n"), asked.get());
    }
  }
}
