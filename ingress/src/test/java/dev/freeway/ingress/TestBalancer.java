package dev.freeway.ingress;

import dev.freeway.ingress.TestTarget.Talk;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/// A load balancer with one HTTP listener on a free port.
final class TestBalancer implements AutoCloseable {
  static final String ARN = "arn:lb/test";

  final ConcurrentLinkedQueue<RequestRecord> log = new ConcurrentLinkedQueue<>();
  final ConcurrentLinkedQueue<ConnectionRecord> connections = new ConcurrentLinkedQueue<>();
  final ConcurrentLinkedQueue<TargetHealth> healthNews = new ConcurrentLinkedQueue<>();

  /// Added to the machine's clock for network timeouts.
  final AtomicLong networkClock = new AtomicLong();

  final IdleWatch watch = new IdleWatch(() -> System.nanoTime() + networkClock.get());
  final Ingress ingress;
  private LoadBalancerAttributes attributes = LoadBalancerAttributes.DEFAULT;
  private List<Rule> rules = List.of();
  private Action defaultAction = Action.Forward.to("tg");
  private Listener.Protocol protocol = Listener.Protocol.HTTP;
  private Optional<TlsConfig> tls = Optional.empty();
  private ListenerAttributes listenerAttributes = ListenerAttributes.DEFAULT;
  private InetSocketAddress address;

  TestBalancer() {
    this(Timers.system());
  }

  TestBalancer(Timers timers) {
    IngressObserver observer =
        new IngressObserver() {
          @Override
          public void requestFinished(RequestRecord request) {
            log.add(request);
          }

          @Override
          public void connectionMade(ConnectionRecord connection) {
            connections.add(connection);
          }

          @Override
          public void targetHealthChanged(String targetGroupArn, TargetHealth health) {
            healthNews.add(health);
          }
        };
    ingress = new Ingress(timers, observer, Prober.NETWORK, watch);
  }

  TestBalancer attributes(LoadBalancerAttributes attributes) throws BindFailure {
    this.attributes = attributes;
    return apply();
  }

  TestBalancer rules(Rule... rules) throws BindFailure {
    this.rules = Arrays.asList(rules);
    return apply();
  }

  TestBalancer defaultAction(Action action) throws BindFailure {
    this.defaultAction = action;
    return apply();
  }

  TestBalancer tcp() throws BindFailure {
    this.protocol = Listener.Protocol.TCP;
    return apply();
  }

  TestBalancer tls(Listener.Protocol protocol, TlsConfig tls) throws BindFailure {
    this.protocol = protocol;
    this.tls = Optional.of(tls);
    return apply();
  }

  TestBalancer attributes(ListenerAttributes attributes) throws BindFailure {
    this.listenerAttributes = attributes;
    return apply();
  }

  TestBalancer apply() throws BindFailure {
    Listener listener =
        new Listener("arn:listener", 0, protocol, rules, defaultAction, tls, listenerAttributes);
    LoadBalancerConfig config =
        new LoadBalancerConfig(
            ARN,
            "test",
            "test.elb.localhost",
            InetAddress.getLoopbackAddress(),
            List.of(listener),
            attributes);
    address = ingress.apply(config).get("arn:listener");
    return this;
  }

  static TargetGroupConfig group(String arn, TestTarget... targets) {
    return TargetGroupConfig.of(
        arn, HealthCheck.tcp(), Arrays.stream(targets).map(TestTarget::target).toList());
  }

  /// Applies and waits until all its targets are healthy.
  TestBalancer targets(TargetGroupConfig group) throws BindFailure {
    ingress.applyTargets(group);
    apply();
    Await.until(
        "all healthy",
        () ->
            ingress.health(group.arn()).stream()
                .filter(h -> h.state() != TargetHealth.State.DRAINING)
                .allMatch(h -> h.state() == TargetHealth.State.HEALTHY));
    return this;
  }

  TestBalancer targets(TestTarget... targets) throws BindFailure {
    return targets(group("tg", targets));
  }

  InetSocketAddress address() {
    return address;
  }

  Talk client() throws IOException {
    return Talk.to(address);
  }

  /// Sends that on a new connection and reads one response.
  String ask(String request) throws IOException {
    try (Talk talk = client()) {
      talk.say(request);
      return talk.response();
    }
  }

  String get(String path, String... headers) throws IOException {
    StringBuilder request = new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: h\r\n");
    for (String header : headers) {
      request.append(header).append("\r\n");
    }
    return ask(request.append("\r\n").toString());
  }

  static String body(String response) {
    return response.substring(response.indexOf("\r\n\r\n") + 4);
  }

  /// Lets network time pass.
  void passes(Duration time) {
    networkClock.addAndGet(time.toNanos());
    watch.sweep();
  }

  RequestRecord logged() {
    Await.until("a log record", () -> !log.isEmpty());
    return log.poll();
  }

  @Override
  public void close() {
    ingress.close(Duration.ofMillis(100));
  }
}
