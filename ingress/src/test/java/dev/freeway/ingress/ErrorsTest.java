package dev.freeway.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.ingress.TestTarget.Talk;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ErrorsTest {

  @Test
  void noTargetsIsA503InAwsWords() throws Exception {
    try (TestBalancer balancer = new TestBalancer().apply();
        Talk client = balancer.client()) {
      for (int i = 0; i < 2; i++) {
        client.say("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        String response = client.response();
        assertTrue(
            response.startsWith(
                "HTTP/1.1 503 Service Temporarily Unavailable\r\nServer: awselb/2.0\r\nDate: "),
            response);
        assertTrue(
            response.contains("\r\nContent-Type: text/html\r\nContent-Length: 162\r\n"), response);
        assertTrue(
            response.endsWith(
                "<html>\r\n<head><title>503 Service Temporarily Unavailable</title></head>\r\n<body>\r\n<center><h1>503 Service Temporarily Unavailable</h1></center>\r\n</body>\r\n</html>\r\n"),
            response);
      }
      Await.until("both are logged", () -> balancer.log.size() == 2);
      assertEquals(2, balancer.ingress.counters(TestBalancer.ARN).get(Metric.ELB_503));
    }
  }

  @Test
  void aRefusingTargetIsPassedOver() throws Exception {
    try (TestTarget good = TestTarget.saying("ok");
        TestBalancer balancer = new TestBalancer(new ManualTimers()).apply()) {
      // The clock stands still: both stay initial, and both get requests.
      balancer.ingress.applyTargets(
          TargetGroupConfig.of(
              "tg", HealthCheck.tcp(), List.of(Target.at(TestTarget.nobody()), good.target())));
      for (int i = 0; i < 4; i++) {
        assertTrue(balancer.get("/").endsWith("ok"));
      }
    }
  }

  @Test
  void refusedByAllIsA502() throws Exception {
    try (TestBalancer balancer = new TestBalancer(new ManualTimers()).apply()) {
      balancer.ingress.applyTargets(
          TargetGroupConfig.of("tg", HealthCheck.tcp(), List.of(Target.at(TestTarget.nobody()))));
      assertTrue(balancer.get("/").startsWith("HTTP/1.1 502 Bad Gateway\r\nServer: awselb/2.0"));
      assertEquals(502, balancer.logged().elbStatusCode());
    }
  }

  @Test
  void hangingUpOrTalkingNonsenseIsA502() throws Exception {
    for (String answer :
        List.of(
            "",
            "HTTP/1.1 2",
            "nonsense\r\n\r\n",
            "HTTP/1.1 200 OK\r\nA\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nab",
            "HTTP/1.1 101 Sure\r\n\r\n",
            "HTTP/1.1 200 OK\r\nA: " + "x".repeat(40_000) + "\r\n\r\n")) {
      try (TestTarget target =
              new TestTarget(
                  talk -> {
                    if (talk.head() != null) {
                      talk.say(answer);
                    }
                  });
          TestBalancer balancer = new TestBalancer().targets(target)) {
        assertTrue(balancer.get("/").startsWith("HTTP/1.1 502 Bad Gateway"), answer);
      }
    }
  }

  @Test
  void aSilentTargetIsA504() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch over = new CountDownLatch(1);
    try (TestTarget target =
            new TestTarget(
                talk -> {
                  if (talk.head() != null) {
                    asked.countDown();
                    await(over);
                  }
                });
        TestBalancer balancer = new TestBalancer().targets(target);
        Talk client = balancer.client()) {
      client.say("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
      await(asked);
      Await.until(
          "the answer",
          () -> {
            balancer.passes(Duration.ofSeconds(61));
            return !balancer.log.isEmpty();
          });
      assertTrue(client.response().startsWith("HTTP/1.1 504 Gateway Time-out"));
      assertEquals(504, balancer.logged().elbStatusCode());
      over.countDown();
    }
  }

  static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(10, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aBrokenBodyBreaksTheClientsConnection() throws Exception {
    for (String head : List.of("Content-Length: 10", "Transfer-Encoding: chunked")) {
      try (TestTarget target =
              new TestTarget(
                  talk -> {
                    if (talk.head() != null) {
                      talk.say("HTTP/1.1 200 OK\r\n" + head + "\r\n\r\n5\r\nabc");
                    }
                  });
          TestBalancer balancer = new TestBalancer().targets(target);
          Talk client = balancer.client()) {
        client.say("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        assertTrue(client.rest().endsWith("abc"));
      }
    }
  }

  @Test
  void aKeptConnectionThatClosedIsReplacedForIdempotentRequests() throws Exception {
    AtomicInteger answered = new AtomicInteger();
    try (TestTarget target =
            new TestTarget(
                talk -> {
                  // Promises to keep the connection and then closes it on the next request.
                  if (talk.request() != null) {
                    answered.incrementAndGet();
                    talk.say(TestTarget.ok("ok"));
                    talk.head();
                  }
                });
        TestBalancer balancer = new TestBalancer().targets(target)) {
      for (int i = 0; i < 6; i++) {
        assertTrue(balancer.get("/").endsWith("ok"));
      }
      assertEquals(6, answered.get());
    }
  }

  @Test
  void aPostIsNotSentTwice() throws Exception {
    AtomicInteger posts = new AtomicInteger();
    try (TestTarget target =
            new TestTarget(
                talk -> {
                  for (String head; (head = talk.request()) != null; ) {
                    if (head.startsWith("POST")) {
                      posts.incrementAndGet();
                      return;
                    }
                    talk.say(TestTarget.ok("ok"));
                  }
                });
        TestBalancer balancer = new TestBalancer().targets(target)) {
      balancer.get("/");
      assertTrue(
          balancer
              .ask("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx")
              .startsWith("HTTP/1.1 502"));
      assertEquals(1, posts.get());
    }
  }

  @Test
  void anEarlyAnswerToAnUnfinishedUploadArrives() throws Exception {
    try (TestTarget target =
            new TestTarget(
                talk -> {
                  if (talk.head() != null) {
                    talk.say(
                        "HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno");
                    talk.socket.shutdownOutput();
                    talk.in.skipNBytes(10);
                  }
                });
        TestBalancer balancer = new TestBalancer().targets(target);
        Talk client = balancer.client()) {
      client.say("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n0123456789");
      String response = client.response();
      assertTrue(response.startsWith("HTTP/1.1 413"), response);
      assertTrue(response.endsWith("no"), response);
      assertEquals(-1, client.in.read());
    }
  }

  @Test
  void aTakenPortIsATypedErrorAndChangesNothing() throws Exception {
    try (TestTarget blocker = TestTarget.saying("x");
        TestBalancer balancer = new TestBalancer().targets(blocker)) {
      Listener taken =
          new Listener(
              "arn:other",
              blocker.address().getPort(),
              Listener.Protocol.HTTP,
              List.of(),
              Action.Forward.to("tg"));
      BindFailure failure = null;
      try {
        balancer.ingress.apply(
            new LoadBalancerConfig(
                TestBalancer.ARN,
                "test",
                "test.elb.localhost",
                blocker.address().getAddress(),
                List.of(taken),
                LoadBalancerAttributes.DEFAULT));
      } catch (BindFailure e) {
        failure = e;
      }
      assertNotNull(failure);
      assertEquals(BindFailure.Kind.ADDRESS_IN_USE, failure.kind());
      assertTrue(failure.getMessage().contains("port is taken"), failure.getMessage());
      assertTrue(balancer.get("/").endsWith("x"));
      assertFalse(balancer.ingress.health("tg").isEmpty());
      assertEquals(TargetHealth.State.HEALTHY, balancer.ingress.health("tg").getFirst().state());
    }
  }
}
