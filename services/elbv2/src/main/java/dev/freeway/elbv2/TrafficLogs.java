package dev.freeway.elbv2;

import dev.freeway.flow.Outcome;
import dev.freeway.flow.Reconciler;
import dev.freeway.ingress.ConnectionRecord;
import dev.freeway.ingress.IngressObserver;
import dev.freeway.ingress.RequestRecord;
import dev.freeway.ingress.StreamRecord;
import dev.freeway.ingress.TargetHealth;
import dev.freeway.platform.Ids;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.store.Tx;
import dev.freeway.wire.AwsException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.GZIPOutputStream;

/// Access logs and connection logs: entries are gathered in memory and delivered to the bucket
/// every five minutes of the clock, and when Freeway stops. As on AWS they are sent as well as can
/// be: what was gathered since the last delivery is lost when the process is killed.
final class TrafficLogs implements IngressObserver, Reconciler {
  private static final System.Logger LOG = System.getLogger(TrafficLogs.class.getName());
  private static final String KIND = "elbv2.logs";
  private static final Duration PERIOD = Duration.ofMinutes(5);
  private static final int MOST = 64 * 1024 * 1024;

  private final Platform platform;
  private final LogBuckets buckets;

  /// By load balancer, and within by what an attribute's name starts with.
  private final Map<String, Sink> sinks = new ConcurrentHashMap<>();

  TrafficLogs(Platform platform, LogBuckets buckets) {
    this.platform = platform;
    this.buckets = buckets;
  }

  /// The two kinds of logs, by the start of their attributes' names.
  enum Kind {
    ACCESS("access_logs.s3.", "", "ELBAccessLogTestFile"),
    CONNECTION("connection_logs.s3.", "conn_log.", "ELBConnectionLogTestFile");

    final String attributes;
    final String filePrefix;
    final String testFile;

    Kind(String attributes, String filePrefix, String testFile) {
      this.attributes = attributes;
      this.filePrefix = filePrefix;
      this.testFile = testFile;
    }

    boolean enabled(Balancer b) {
      return b.attribute(attributes + "enabled").equals("true");
    }
  }

  /// Entries that wait, of a load balancer whose logs are on.
  private static final class Sink {
    final String id;
    final String dnsName;
    final Map<Kind, StringBuilder> lines = new ConcurrentHashMap<>();

    Sink(Balancer b) {
      id = id(b.arn());
      dnsName = b.api().dnsName();
    }

    void add(Kind kind, String line) {
      StringBuilder waiting = lines.get(kind);
      if (waiting != null) {
        synchronized (waiting) {
          if (waiting.length() < MOST) {
            waiting.append(line).append('\n');
          }
        }
      }
    }

    String take(Kind kind) {
      StringBuilder waiting = lines.get(kind);
      if (waiting == null) {
        return "";
      }
      synchronized (waiting) {
        String text = waiting.toString();
        waiting.setLength(0);
        return text;
      }
    }
  }

  private static String id(String arn) {
    return arn.substring(arn.indexOf(":loadbalancer/") + 14);
  }

  /// Whether anything is logged changed, or the process has just started. Before the load balancer
  /// is applied.
  void follow(Balancer b) {
    List<Kind> on = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      if (kind.enabled(b)) {
        on.add(kind);
      }
    }
    if (on.isEmpty()) {
      sinks.remove(b.arn());
      return;
    }
    Sink sink = sinks.computeIfAbsent(b.arn(), a -> new Sink(b));
    sink.lines.keySet().retainAll(on);
    on.forEach(k -> sink.lines.computeIfAbsent(k, x -> new StringBuilder()));
  }

  void forget(String balancerArn) {
    sinks.remove(balancerArn);
  }

  /// Writes the test file that shows whether logs can be written; before the change is stored.
  void check(Balancer before, Balancer after) {
    for (Kind kind : Kind.values()) {
      boolean changed =
          !kind.enabled(before)
              || !bucket(before, kind).equals(bucket(after, kind))
              || !prefix(before, kind).equals(prefix(after, kind));
      if (kind.enabled(after) && changed) {
        if (bucket(after, kind).isEmpty()) {
          throw Attributes.invalid("The value of '" + kind.attributes + "bucket' cannot be empty");
        }
        if (prefix(after, kind).contains("AWSLogs")) {
          throw Attributes.invalid(
              "The value of '" + kind.attributes + "prefix' cannot contain 'AWSLogs'");
        }
        Scope scope = LogBuckets.scope(after.arn());
        buckets.put(
            after,
            bucket(after, kind),
            prefix(after, kind) + "AWSLogs/" + scope.account() + "/" + kind.testFile,
            "Enable AWSLogs for Elastic Load Balancing\n".getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  private static String bucket(Balancer b, Kind kind) {
    return b.attribute(kind.attributes + "bucket");
  }

  private static String prefix(Balancer b, Kind kind) {
    String prefix = b.attribute(kind.attributes + "prefix");
    return prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/";
  }

  /// With the change that switches logs on.
  void wake(Tx tx, String balancerArn) {
    platform.flow().wakeAt(tx, KIND, balancerArn, next());
  }

  private Instant next() {
    long period = PERIOD.toSeconds();
    long now = platform.clock().instant().getEpochSecond();
    return Instant.ofEpochSecond((now / period + 1) * period);
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public Outcome reconcile(String balancerArn) {
    if (!deliver(balancerArn)) {
      return Outcome.done();
    }
    return Outcome.retryAfter(Duration.between(platform.clock().instant(), next()));
  }

  /// At the end of the process: what was gathered since the last delivery.
  void flush() {
    sinks.keySet().forEach(this::deliver);
  }

  /// False where nothing is logged any more.
  private boolean deliver(String balancerArn) {
    Optional<Balancer> b =
        platform.store().read(tx -> tx.get(State.BALANCERS, balancerArn)).filter(TrafficLogs::logs);
    Sink sink = sinks.get(balancerArn);
    if (b.isPresent() && sink != null) {
      for (Kind kind : Kind.values()) {
        deliver(b.get(), kind, sink.take(kind));
      }
    }
    return b.isPresent();
  }

  private static boolean logs(Balancer b) {
    return Kind.ACCESS.enabled(b) || Kind.CONNECTION.enabled(b);
  }

  /// A bucket that is gone, or closed to us, costs the entries and nothing else.
  private void deliver(Balancer b, Kind kind, String lines) {
    if (lines.isEmpty()) {
      return;
    }
    Scope scope = LogBuckets.scope(b.arn());
    Instant end = next().minus(PERIOD);
    String key =
        "%sAWSLogs/%s/elasticloadbalancing/%s/%s/%s%s_elasticloadbalancing_%s_%s_%s_%s_%s.log.gz"
            .formatted(
                prefix(b, kind),
                scope.account(),
                scope.region(),
                LogLines.folder(end),
                kind.filePrefix,
                scope.account(),
                scope.region(),
                id(b.arn()).replace('/', '.'),
                LogLines.fileTime(end),
                b.address(),
                Ids.hex(8));
    try {
      buckets.put(b, bucket(b, kind), key, zipped(lines));
    } catch (AwsException e) {
      LOG.log(Level.WARNING, b.arn() + ": log not delivered: " + e.getMessage());
    }
  }

  private static byte[] zipped(String lines) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(lines.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  @Override
  public boolean watches(String balancerArn) {
    return sinks.containsKey(balancerArn);
  }

  @Override
  public void requestFinished(RequestRecord request) {
    Sink sink = sinks.get(request.loadBalancerArn());
    if (sink != null) {
      sink.add(Kind.ACCESS, LogLines.of(sink.id, request));
    }
  }

  @Override
  public void connectionMade(ConnectionRecord connection) {
    Sink sink = sinks.get(connection.loadBalancerArn());
    if (sink != null) {
      sink.add(Kind.CONNECTION, LogLines.of(connection));
    }
  }

  @Override
  public void streamEnded(StreamRecord stream) {
    Sink sink = sinks.get(stream.loadBalancerArn());
    if (sink != null) {
      sink.add(Kind.ACCESS, LogLines.of(sink.id, sink.dnsName, stream));
    }
  }

  @Override
  public void targetHealthChanged(String targetGroupArn, TargetHealth health) {
    // Not for the logs.
  }
}
