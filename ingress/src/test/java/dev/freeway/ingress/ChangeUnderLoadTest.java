package dev.freeway.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.ingress.TestTarget.Talk;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// What a deployment does to a load balancer, while clients look on.
class ChangeUnderLoadTest {
  private final AtomicBoolean stop = new AtomicBoolean();
  private final AtomicInteger served = new AtomicInteger();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();

  /// Some ask on kept connections, some on new ones; every other request is a POST.
  private List<Thread> load(TestBalancer balancer) {
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      boolean keep = i % 2 == 0;
      clients.add(Thread.ofVirtual().start(() -> client(balancer, keep)));
    }
    return clients;
  }

  private void client(TestBalancer balancer, boolean keep) {
    Talk talk = null;
    try {
      for (int i = 0; !stop.get(); i++) {
        if (talk == null || !keep) {
          if (talk != null) {
            talk.close();
          }
          talk = balancer.client();
        }
        talk.say(
            i % 2 == 0
                ? "GET / HTTP/1.1\r\nHost: h\r\n\r\n"
                : "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc");
        String response = talk.response();
        if (response == null || !response.startsWith("HTTP/1.1 200 ")) {
          failures.add(String.valueOf(response));
          return;
        }
        served.incrementAndGet();
      }
      if (talk != null) {
        talk.close();
      }
    } catch (IOException e) {
      failures.add(e.toString());
    }
  }

  private void progress(int requests) {
    int goal = served.get() + requests;
    Await.until("progress; " + failures, () -> served.get() >= goal || !failures.isEmpty());
  }

  @Test
  void aRollingDeploymentLosesNoRequest() throws Exception {
    try (TestBalancer balancer = new TestBalancer()) {
      TestTarget current = TestTarget.saying("v0");
      balancer.targets(current);
      List<Thread> clients = load(balancer);
      for (int version = 1; version <= 10; version++) {
        progress(50);
        TestTarget next = TestTarget.saying("v" + version);
        balancer.targets(current, next);
        progress(50);
        balancer.targets(next);
        TestTarget old = current;
        Await.until("drained", () -> balancer.ingress.health("tg").size() == 1);
        // As a scheduler does: the container ends once its target is drained.
        old.close();
        current = next;
      }
      progress(50);
      stop.set(true);
      for (Thread client : clients) {
        client.join();
      }
      current.close();
      assertEquals(List.of(), List.copyOf(failures));
    }
  }

  @Test
  void replacingAllTargetsAtOnceLosesNoRequest() throws Exception {
    try (TestBalancer balancer = new TestBalancer();
        TestTarget a = TestTarget.saying("a");
        TestTarget b = TestTarget.saying("b")) {
      balancer.targets(a);
      List<Thread> clients = load(balancer);
      for (int i = 0; i < 100; i++) {
        balancer.ingress.applyTargets(TestBalancer.group("tg", i % 2 == 0 ? b : a));
        progress(5);
      }
      stop.set(true);
      for (Thread client : clients) {
        client.join();
      }
      assertEquals(List.of(), List.copyOf(failures));
    }
  }

  @Test
  void changingRulesLosesNoRequest() throws Exception {
    try (TestBalancer balancer = new TestBalancer();
        TestTarget a = TestTarget.saying("a");
        TestTarget b = TestTarget.saying("b")) {
      balancer.targets(TestBalancer.group("tg", a));
      balancer.defaultAction(Action.Forward.to("other"));
      balancer.targets(TestBalancer.group("other", b));
      List<Thread> clients = load(balancer);
      for (int i = 0; i < 40; i++) {
        balancer.defaultAction(Action.Forward.to(i % 2 == 0 ? "tg" : "other"));
        progress(10);
      }
      stop.set(true);
      for (Thread client : clients) {
        client.join();
      }
      assertEquals(List.of(), List.copyOf(failures));
    }
  }

  @Test
  void aRequestUnderWayOutlivesTheRemovalOfItsTargetAndListener() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    try (TestTarget slow =
            new TestTarget(
                talk -> {
                  if (talk.head() != null) {
                    asked.countDown();
                    ErrorsTest.await(go);
                    talk.say(TestTarget.ok("late"));
                  }
                });
        TestBalancer balancer = new TestBalancer().targets(slow);
        Talk client = balancer.client();
        Talk idle = balancer.client()) {
      client.say("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
      ErrorsTest.await(asked);
      balancer.ingress.applyTargets(TestBalancer.group("tg"));
      assertEquals(TargetHealth.State.DRAINING, balancer.ingress.health("tg").getFirst().state());
      assertTrue(balancer.get("/").startsWith("HTTP/1.1 503"));
      balancer.ingress.remove(TestBalancer.ARN);
      assertEquals(-1, idle.in.read());
      go.countDown();
      String response = client.response();
      assertTrue(response.endsWith("late"), response);
      assertTrue(response.contains("\r\nConnection: close\r\n"), response);
      Await.until("drained", () -> balancer.ingress.health("tg").isEmpty());
      Await.until(
          "told so",
          () ->
              balancer.healthNews.stream()
                  .anyMatch(
                      h ->
                          h.reason()
                              .equals(java.util.Optional.of(TargetHealth.Reason.NOT_REGISTERED))));
    }
  }

  @Test
  void stopWaitsForRequestsUnderWay() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    try (TestTarget slow =
            new TestTarget(
                talk -> {
                  if (talk.head() != null) {
                    asked.countDown();
                    ErrorsTest.await(go);
                    talk.say(TestTarget.ok("late"));
                  }
                });
        TestBalancer balancer = new TestBalancer().targets(slow);
        Talk client = balancer.client()) {
      client.say("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
      ErrorsTest.await(asked);
      Thread stopping =
          Thread.ofVirtual().start(() -> balancer.ingress.close(Duration.ofSeconds(10)));
      go.countDown();
      assertTrue(client.response().endsWith("late"));
      stopping.join();
    }
  }
}
