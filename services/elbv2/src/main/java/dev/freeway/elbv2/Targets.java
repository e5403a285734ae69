package dev.freeway.elbv2;

import dev.freeway.elbv2.api.AnomalyDetection;
import dev.freeway.elbv2.api.DeregisterTargetsInput;
import dev.freeway.elbv2.api.DeregisterTargetsOutput;
import dev.freeway.elbv2.api.DescribeTargetHealthInput;
import dev.freeway.elbv2.api.DescribeTargetHealthOutput;
import dev.freeway.elbv2.api.Elbv2Errors;
import dev.freeway.elbv2.api.RegisterTargetsInput;
import dev.freeway.elbv2.api.RegisterTargetsOutput;
import dev.freeway.elbv2.api.TargetDescription;
import dev.freeway.elbv2.api.TargetHealth;
import dev.freeway.elbv2.api.TargetHealthDescription;
import dev.freeway.ingress.Cidr;
import dev.freeway.ingress.Target;
import dev.freeway.platform.Arn;
import dev.freeway.platform.Call;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Store;
import dev.freeway.wire.AwsException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Targets and their health, which is what the data plane sees.
final class Targets {
  private static final int MAX = 1000;
  private static final Pattern IPV4 =
      Pattern.compile("((25[0-5]|2[0-4]\\d|1?\\d?\\d)(\\.(?!$)|$)){4}");

  /// What AWS takes, RFC 1918 and RFC 6598; and this machine itself, where local targets run.
  private static final List<Cidr> REACHED =
      Stream.of("10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8")
          .map(Cidr::parse)
          .toList();

  private final Store store;
  private final State state;
  private final DataPlane plane;
  private final Instances instances;

  Targets(Store store, State state, DataPlane plane, Instances instances) {
    this.store = store;
    this.state = state;
    this.plane = plane;
    this.instances = instances;
  }

  /// Registering a target again changes nothing.
  RegisterTargetsOutput register(Call call, RegisterTargetsInput in) {
    Group known = store.read(tx -> state.group(tx, call, in.targetGroupArn()));
    some(in.targets());
    if (known.isLambda()) {
      in.targets().forEach(t -> invocable(known, t.id()));
    }
    if (known.api().targetType().equals("instance")) {
      instances.require(call, in.targets().stream().map(TargetDescription::id).toList());
    }
    plane.updateGroup(
        in.targetGroupArn(),
        tx -> {
          Group g = state.group(tx, call, in.targetGroupArn());
          Map<Target.Key, TargetDescription> all = byKey(g);
          for (TargetDescription t : in.targets()) {
            TargetDescription full = complete(tx, call, g, t);
            all.putIfAbsent(key(full), full);
          }
          if (all.size() > MAX) {
            throw Elbv2Errors.tooManyTargetsException(
                "The maximum number of targets per target group is " + MAX);
          }
          state.put(tx, g.withTargets(List.copyOf(all.values())));
        });
    return RegisterTargetsOutput.builder().build();
  }

  private static void some(List<TargetDescription> targets) {
    if (targets.isEmpty()) {
      throw Attributes.invalid("At least one target must be specified");
    }
  }

  private void invocable(Group g, String function) {
    if (Arn.parse(function).filter(a -> a.service().equals("lambda")).isEmpty()) {
      throw Attributes.invalid("'" + function + "' is not a valid Lambda function ARN");
    }
    try {
      FunctionBridge.invoke(plane.platform(), g.arn(), function, "DryRun", new byte[0]);
    } catch (AwsException e) {
      throw AwsException.of(
          "AccessDenied",
          403,
          "elasticloadbalancing principal does not have permission to invoke "
              + function
              + " from target group "
              + g.arn());
    }
  }

  private TargetDescription complete(ReadTx tx, Call call, Group g, TargetDescription t) {
    switch (g.api().targetType()) {
      case "instance" -> {
        if (!t.id().matches("i-[0-9a-f]{8,17}")) {
          throw Attributes.invalid("Instance ID '" + t.id() + "' is not valid");
        }
      }
      case "alb" -> checkBalancer(tx, call, g, t);
      case "lambda" -> {
        if (!g.targets().isEmpty() && !g.targets().getFirst().id().equals(t.id())) {
          throw Elbv2Errors.tooManyTargetsException(
              "A target group of type 'lambda' can have one target only");
        }
        return TargetDescription.builder().id(t.id()).build();
      }
      default -> {
        if (!IPV4.matcher(t.id()).matches()) {
          throw Attributes.invalid("The IP address '" + t.id() + "' is not a valid IPv4 address");
        }
        InetAddress address = InetAddress.ofLiteral(t.id());
        if (REACHED.stream().noneMatch(c -> c.contains(address))) {
          throw Attributes.invalid(
              "The IP address '"
                  + t.id()
                  + "' is not valid: it must be within 10.0.0.0/8, 100.64.0.0/10, 172.16.0.0/12,"
                  + " 192.168.0.0/16 or a subnet of the VPC; publicly routable addresses cannot be"
                  + " registered");
        }
      }
    }
    String zone = t.availabilityZone();
    boolean fits = zone == null || zone.equals("all") || zone.matches(call.region() + "[a-z]");
    if (!fits) {
      throw Attributes.invalid("The Availability Zone '" + zone + "' is not valid");
    }
    return TargetDescription.builder()
        .id(t.id())
        .port(t.port() == null ? g.api().port() : t.port())
        .availabilityZone(t.availabilityZone())
        .build();
  }

  private void checkBalancer(ReadTx tx, Call call, Group g, TargetDescription t) {
    Balancer b =
        tx.get(State.BALANCERS, t.id())
            .filter(Balancer::isApplication)
            .filter(x -> t.id().startsWith(State.arn(call, "loadbalancer/")))
            .orElseThrow(
                () ->
                    Elbv2Errors.invalidTargetException(
                        "'" + t.id() + "' is not the ARN of an application load balancer"));
    int port = t.port() == null ? g.api().port() : t.port();
    if (port != g.api().port()
        || state.listeners(tx, b.arn()).stream().noneMatch(l -> l.api().port() == port)) {
      throw Elbv2Errors.invalidTargetException(
          "The load balancer '" + t.id() + "' must have a listener on port " + g.api().port());
    }
    if (!g.targets().isEmpty() && !g.targets().getFirst().id().equals(t.id())) {
      throw Elbv2Errors.tooManyTargetsException(
          "A target group of type 'alb' can have one target only");
    }
  }

  /// Without a port, all of that id.
  DeregisterTargetsOutput deregister(Call call, DeregisterTargetsInput in) {
    some(in.targets());
    plane.updateGroup(
        in.targetGroupArn(),
        tx -> {
          Group g = state.group(tx, call, in.targetGroupArn());
          List<TargetDescription> rest = new ArrayList<>(g.targets());
          for (TargetDescription t : in.targets()) {
            rest.removeIf(r -> names(t, r));
          }
          state.put(tx, g.withTargets(rest));
        });
    return DeregisterTargetsOutput.builder().build();
  }

  private static boolean names(TargetDescription asked, TargetDescription t) {
    return t.id().equals(asked.id()) && (asked.port() == null || asked.port().equals(t.port()));
  }

  DescribeTargetHealthOutput health(Call call, DescribeTargetHealthInput in) {
    Group g = store.read(tx -> state.group(tx, call, in.targetGroupArn()));
    List<TargetHealthDescription> all = new ArrayList<>();
    Set<Target.Key> anomalous = plane.anomalous(g.arn());
    boolean detects =
        in.include() != null
            && !in.include().isEmpty()
            && g.isHttp()
            && g.attribute("load_balancing.algorithm.type").equals("weighted_random");
    for (var h : plane.health(g.arn())) {
      TargetHealthDescription d = view(g, h);
      boolean odd = anomalous.contains(h.target().key());
      all.add(detects ? d.toBuilder().anomalyDetection(detected(g, odd)).build() : d);
    }
    if (in.targets() == null || in.targets().isEmpty()) {
      return DescribeTargetHealthOutput.builder().targetHealthDescriptions(all).build();
    }
    List<TargetHealthDescription> asked = new ArrayList<>();
    for (TargetDescription t : in.targets()) {
      List<TargetHealthDescription> found = all.stream().filter(h -> names(t, h.target())).toList();
      asked.addAll(found.isEmpty() ? List.of(unknown(g, t)) : found);
    }
    return DescribeTargetHealthOutput.builder().targetHealthDescriptions(asked).build();
  }

  private static AnomalyDetection detected(Group g, boolean anomalous) {
    boolean mitigates = g.attribute("load_balancing.algorithm.anomaly_mitigation").equals("on");
    return new AnomalyDetection(
        anomalous ? "anomalous" : "normal", anomalous && mitigates ? "yes" : "no");
  }

  private static TargetHealthDescription view(Group g, dev.freeway.ingress.TargetHealth h) {
    if (g.isLambda()) {
      return function(g, h);
    }
    TargetDescription target =
        g.targets().stream()
            .filter(t -> key(t).equals(h.target().key()))
            .findFirst()
            .orElseGet(
                () ->
                    TargetDescription.builder()
                        .id(h.target().id())
                        .port(h.target().port())
                        .build());
    return TargetHealthDescription.builder()
        .target(target)
        .healthCheckPort(checkPort(g, target))
        .targetHealth(
            TargetHealth.builder()
                .state(h.state().wireName())
                .reason(h.reason().map(r -> r.wireName()).orElse(null))
                .description(h.description().orElse(null))
                .build())
        .build();
  }

  /// A function has no port; unless its checks are enabled, nobody knows whether it is well.
  private static TargetHealthDescription function(Group g, dev.freeway.ingress.TargetHealth h) {
    boolean checked = Boolean.TRUE.equals(g.api().healthCheckEnabled());
    TargetHealth health =
        checked
            ? TargetHealth.builder()
                .state(h.state().wireName())
                .reason(h.reason().map(r -> r.wireName()).orElse(null))
                .description(h.description().orElse(null))
                .build()
            : new TargetHealth(
                "unavailable",
                "Target.HealthCheckDisabled",
                "Health checks are not enabled for this target");
    return TargetHealthDescription.builder()
        .target(TargetDescription.builder().id(h.target().id()).build())
        .targetHealth(health)
        .build();
  }

  private static String checkPort(Group g, TargetDescription t) {
    String port = g.api().healthCheckPort();
    return port == null || port.equals("traffic-port") ? String.valueOf(t.port()) : port;
  }

  private static TargetHealthDescription unknown(Group g, TargetDescription t) {
    boolean portless = t.port() == null && g.api().port() != null;
    TargetDescription full = portless ? t.toBuilder().port(g.api().port()).build() : t;
    return TargetHealthDescription.builder()
        .target(full)
        .healthCheckPort(checkPort(g, full))
        .targetHealth(
            new TargetHealth(
                "unused", "Target.NotRegistered", "Target is not registered to the target group"))
        .build();
  }

  private static Map<Target.Key, TargetDescription> byKey(Group g) {
    Map<Target.Key, TargetDescription> all = new LinkedHashMap<>();
    g.targets().forEach(t -> all.put(key(t), t));
    return all;
  }

  private static Target.Key key(TargetDescription t) {
    return new Target.Key(t.id(), t.port() == null ? 0 : t.port());
  }
}
