package dev.freeway.elbv2;

import dev.freeway.elbv2.api.*;
import dev.freeway.ingress.LoopbackAddresses;
import dev.freeway.platform.Call;
import dev.freeway.platform.Ids;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Store;
import java.net.InetAddress;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Load balancers: made, described, changed, deleted.
final class LoadBalancers {
  private static final int MAX = 50;

  private final Store store;
  private final State state;
  private final DataPlane plane;
  private final Networks networks;
  private final TrafficLogs logs;

  LoadBalancers(Store store, State state, DataPlane plane, Networks networks, TrafficLogs logs) {
    this.store = store;
    this.state = state;
    this.plane = plane;
    this.networks = networks;
    this.logs = logs;
  }

  CreateLoadBalancerOutput create(Call call, CreateLoadBalancerInput in) {
    Names.check("load balancer", in.name());
    if (in.name().startsWith("internal-")) {
      throw Attributes.invalid(
          "Load balancer name '" + in.name() + "' cannot begin with 'internal-'");
    }
    String type = in.type() == null ? "application" : in.type();
    if (type.equals("gateway")) {
      throw DataPlane.unsupported("Freeway has application and network load balancers only");
    }
    if (in.ipAddressType() != null && !in.ipAddressType().equals("ipv4")) {
      throw DataPlane.unsupported("Freeway's load balancers have IPv4 addresses only so far");
    }
    String id = Ids.hex(16);
    String arn =
        State.arn(
            call,
            "loadbalancer/"
                + (type.equals("application") ? "app" : "net")
                + "/"
                + in.name()
                + "/"
                + id);
    String address = address(arn);
    Networks.Place place = networks.place(call, type, in.subnets(), in.subnetMappings(), address);
    boolean noGroups = type.equals("network") && in.securityGroups() == null;
    List<String> groups =
        noGroups ? List.of() : networks.groups(call, place.vpcId(), in.securityGroups());
    Balancer fresh =
        new Balancer(
            describe(call, in, type, arn, place, groups),
            Map.of(),
            Names.tags(Map.of(), in.tags()),
            address);
    Balancer made =
        plane.change(
            arn,
            tx -> {
              List<Balancer> all = state.balancers(tx, call);
              for (Balancer b : all) {
                if (b.api().loadBalancerName().equals(in.name())) {
                  if (same(b, fresh)) {
                    return b;
                  }
                  throw Elbv2Errors.duplicateLoadBalancerNameException(
                      "A load balancer with the same name '"
                          + in.name()
                          + "' exists, but with different settings");
                }
              }
              if (all.size() >= MAX) {
                throw Elbv2Errors.tooManyLoadBalancersException(
                    "The maximum number of load balancers has been reached");
              }
              state.put(tx, fresh);
              return fresh;
            });
    LoadBalancerState code =
        LoadBalancerState.builder().code(made == fresh ? "provisioning" : "active").build();
    return CreateLoadBalancerOutput.builder()
        .loadBalancers(List.of(made.api().toBuilder().state(code).build()))
        .build();
  }

  private static LoadBalancer describe(
      Call call,
      CreateLoadBalancerInput in,
      String type,
      String arn,
      Networks.Place place,
      List<String> groups) {
    boolean internal = "internal".equals(in.scheme());
    String number = String.valueOf(1_000_000_000L + Math.floorMod(arn.hashCode(), 1_000_000_000));
    return LoadBalancer.builder()
        .loadBalancerArn(arn)
        .loadBalancerName(in.name())
        .dnsName(
            (internal ? "internal-" : "")
                + in.name()
                + "-"
                + number
                + "."
                + call.region()
                + ".elb.localhost")
        .canonicalHostedZoneId(type.equals("application") ? "Z35SXDOTRQ7X7K" : "Z26RNL4JYFTOTI")
        .createdTime(call.at())
        .scheme(internal ? "internal" : "internet-facing")
        .type(type)
        .vpcId(place.vpcId())
        .availabilityZones(place.zones())
        .securityGroups(groups)
        .ipAddressType("ipv4")
        .build();
  }

  private static boolean same(Balancer a, Balancer b) {
    return a.api().type().equals(b.api().type())
        && a.api().scheme().equals(b.api().scheme())
        && subnets(a).equals(subnets(b))
        && Set.copyOf(a.api().securityGroups()).equals(Set.copyOf(b.api().securityGroups()))
        && a.tags().equals(b.tags());
  }

  private static Set<String> subnets(Balancer b) {
    return b.api().availabilityZones().stream()
        .map(AvailabilityZone::subnetId)
        .collect(Collectors.toSet());
  }

  private String address(String arn) {
    if (!LoopbackAddresses.available()) {
      return "127.0.0.1";
    }
    Set<InetAddress> taken = new HashSet<>();
    store
        .read(tx -> tx.scan(State.BALANCERS, ""))
        .forEach(r -> taken.add(InetAddress.ofLiteral(r.value().address())));
    return LoopbackAddresses.forArn(arn, taken).getHostAddress();
  }

  DescribeLoadBalancersOutput describe(Call call, DescribeLoadBalancersInput in) {
    List<Balancer> found = store.read(tx -> named(tx, call, in));
    var page =
        Names.page(
            found.stream().sorted(Comparator.comparing(Balancer::arn)).toList(),
            Balancer::arn,
            in.marker(),
            in.pageSize());
    return DescribeLoadBalancersOutput.builder()
        .loadBalancers(page.map(this::view))
        .nextMarker(page.nextToken())
        .build();
  }

  private List<Balancer> named(ReadTx tx, Call call, DescribeLoadBalancersInput in) {
    if (in.loadBalancerArns() != null && !in.loadBalancerArns().isEmpty()) {
      return in.loadBalancerArns().stream()
          .distinct()
          .map(a -> state.balancer(tx, call, a))
          .toList();
    }
    List<Balancer> all = state.balancers(tx, call);
    if (in.names() == null || in.names().isEmpty()) {
      return all;
    }
    for (String name : in.names()) {
      if (all.stream().noneMatch(b -> b.api().loadBalancerName().equals(name))) {
        throw Elbv2Errors.loadBalancerNotFoundException(
            "Load balancers '[" + name + "]' not found");
      }
    }
    return all.stream().filter(b -> in.names().contains(b.api().loadBalancerName())).toList();
  }

  private LoadBalancer view(Balancer b) {
    String failure = plane.failure(b.arn());
    LoadBalancerState code =
        failure == null
            ? LoadBalancerState.builder().code("active").build()
            : LoadBalancerState.builder().code("active_impaired").reason(failure).build();
    return b.api().toBuilder().state(code).build();
  }

  /// Deleting what is not there is no error.
  DeleteLoadBalancerOutput delete(Call call, DeleteLoadBalancerInput in) {
    String arn = in.loadBalancerArn();
    if (!arn.startsWith(State.arn(call, "loadbalancer/"))) {
      throw Attributes.invalid("'" + arn + "' is not a valid load balancer ARN");
    }
    plane.change(
        arn,
        tx -> {
          var b = tx.get(State.BALANCERS, arn);
          if (b.isPresent() && b.get().attribute("deletion_protection.enabled").equals("true")) {
            throw Elbv2Errors.operationNotPermittedException(
                "Load balancer '"
                    + arn
                    + "' cannot be deleted because deletion protection is enabled");
          }
          state.listeners(tx, arn).forEach(l -> state.deleteListener(tx, l.arn()));
          CertificateUse.wake(plane.platform(), tx, arn);
          return tx.delete(State.BALANCERS, arn);
        });
    return DeleteLoadBalancerOutput.builder().build();
  }

  DescribeLoadBalancerAttributesOutput attributes(
      Call call, DescribeLoadBalancerAttributesInput in) {
    Balancer b = store.read(tx -> state.balancer(tx, call, in.loadBalancerArn()));
    return DescribeLoadBalancerAttributesOutput.builder().attributes(attributes(b)).build();
  }

  ModifyLoadBalancerAttributesOutput modifyAttributes(
      Call call, ModifyLoadBalancerAttributesInput in) {
    // Outside the change, because the bucket is tried.
    Balancer known = store.read(tx -> state.balancer(tx, call, in.loadBalancerArn()));
    logs.check(known, with(known, in));
    Balancer changed =
        plane.change(
            in.loadBalancerArn(),
            tx -> {
              Balancer after = with(state.balancer(tx, call, in.loadBalancerArn()), in);
              state.put(tx, after);
              logs.wake(tx, after.arn());
              return after;
            });
    return ModifyLoadBalancerAttributesOutput.builder().attributes(attributes(changed)).build();
  }

  private static Balancer with(Balancer b, ModifyLoadBalancerAttributesInput in) {
    Map<String, String> all = new TreeMap<>(b.attributes());
    for (LoadBalancerAttribute a : in.attributes()) {
      String value = a.value() == null ? "" : a.value();
      Attributes.check(Attributes.ofBalancer(b), "Load balancer", a.key(), value);
      all.put(a.key(), value);
    }
    return b.withAttributes(all);
  }

  private static List<LoadBalancerAttribute> attributes(Balancer b) {
    return Attributes.merged(Attributes.ofBalancer(b), b.attributes()).entrySet().stream()
        .map(e -> new LoadBalancerAttribute(e.getKey(), e.getValue()))
        .toList();
  }

  SetSubnetsOutput setSubnets(Call call, SetSubnetsInput in) {
    Balancer b = store.read(tx -> state.balancer(tx, call, in.loadBalancerArn()));
    Networks.Place place =
        networks.place(call, b.api().type(), in.subnets(), in.subnetMappings(), b.address());
    if (!place.vpcId().equals(b.api().vpcId())) {
      throw Elbv2Errors.invalidConfigurationRequestException(
          "The subnets must belong to the VPC '" + b.api().vpcId() + "'");
    }
    plane.change(
        b.arn(),
        tx -> {
          Balancer now = state.balancer(tx, call, b.arn());
          state.put(tx, now.with(now.api().toBuilder().availabilityZones(place.zones()).build()));
          return true;
        });
    return SetSubnetsOutput.builder()
        .availabilityZones(place.zones())
        .ipAddressType("ipv4")
        .build();
  }

  SetSecurityGroupsOutput setGroups(Call call, SetSecurityGroupsInput in) {
    Balancer b = store.read(tx -> state.balancer(tx, call, in.loadBalancerArn()));
    List<String> groups = networks.groups(call, b.api().vpcId(), in.securityGroups());
    plane.change(
        b.arn(),
        tx -> {
          Balancer now = state.balancer(tx, call, b.arn());
          state.put(tx, now.with(now.api().toBuilder().securityGroups(groups).build()));
          return true;
        });
    return SetSecurityGroupsOutput.builder().securityGroupIds(groups).build();
  }

  SetIpAddressTypeOutput setAddressType(Call call, SetIpAddressTypeInput in) {
    store.read(tx -> state.balancer(tx, call, in.loadBalancerArn()));
    if (!in.ipAddressType().equals("ipv4")) {
      throw DataPlane.unsupported("Freeway's load balancers have IPv4 addresses only so far");
    }
    return SetIpAddressTypeOutput.builder().ipAddressType("ipv4").build();
  }

  /// There is none to reserve, and none to give back.
  ModifyCapacityReservationOutput reserve(Call call, ModifyCapacityReservationInput in) {
    store.read(tx -> state.balancer(tx, call, in.loadBalancerArn()));
    boolean reset = Boolean.TRUE.equals(in.resetCapacityReservation());
    if (reset == (in.minimumLoadBalancerCapacity() != null)) {
      throw Attributes.invalid(
          "You must specify either MinimumLoadBalancerCapacity or ResetCapacityReservation");
    }
    if (!reset) {
      // InsufficientCapacity would be a server error, which clients try again for long.
      throw Elbv2Errors.invalidConfigurationRequestException(
          "This machine has no capacity that could be reserved for a load balancer");
    }
    return ModifyCapacityReservationOutput.builder()
        .decreaseRequestsRemaining(2)
        .capacityReservationState(List.of())
        .build();
  }

  /// No capacity is ever reserved: one process carries what the machine can.
  DescribeCapacityReservationOutput capacity(Call call, DescribeCapacityReservationInput in) {
    store.read(tx -> state.balancer(tx, call, in.loadBalancerArn()));
    return DescribeCapacityReservationOutput.builder()
        .decreaseRequestsRemaining(2)
        .capacityReservationState(List.of())
        .build();
  }
}
