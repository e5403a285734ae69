package dev.freeway.elbv2;

import dev.freeway.elbv2.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Ids;
import dev.freeway.store.Store;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Listeners: a port of a load balancer.
final class Listeners {
  private static final int MAX = 50;

  private final Store store;
  private final State state;
  private final DataPlane plane;
  private final ActionRules actions;
  private final Sealing sealing;

  Listeners(Store store, State state, DataPlane plane, ActionRules actions, Sealing sealing) {
    this.store = store;
    this.state = state;
    this.plane = plane;
    this.actions = actions;
    this.sealing = sealing;
  }

  CreateListenerOutput create(Call call, CreateListenerInput in) {
    String id = Ids.hex(16);
    String defaultRule = Ids.hex(16);
    // Before the change: the data plane may be asked for one that exists only.
    Balancer known = store.read(tx -> state.balancer(tx, call, in.loadBalancerArn()));
    checkProtocol(known, in.protocol());
    Sealing.Asked asked =
        new Sealing.Asked(
            in.certificates(), in.sslPolicy(), in.alpnPolicy(), in.mutualAuthentication());
    sealing.read(asked);
    Listener made =
        plane.open(
            in.loadBalancerArn(),
            tx -> {
              Balancer b = state.balancer(tx, call, in.loadBalancerArn());
              if (in.port() == null) {
                throw Attributes.invalid("A listener port must be specified");
              }
              List<ListenerEntry> others = state.listeners(tx, b.arn());
              checkPort(b, others, in.port(), null);
              if (others.size() >= MAX) {
                throw Elbv2Errors.tooManyListenersException(
                    "The maximum number of listeners has been reached");
              }
              String arn = b.arn().replace(":loadbalancer/", ":listener/") + "/" + id;
              Listener api =
                  Listener.builder()
                      .listenerArn(arn)
                      .loadBalancerArn(b.arn())
                      .port(in.port())
                      .protocol(in.protocol())
                      .defaultActions(actions.check(tx, call, b, in.defaultActions()))
                      .build();
              api = sealing.sealed(tx, call, api, asked);
              state.put(
                  tx,
                  new ListenerEntry(
                      api,
                      State.rulePrefix(arn) + defaultRule,
                      Map.of(),
                      Names.tags(Map.of(), in.tags()),
                      List.of()));
              sealing.changed(tx, b.arn());
              return api;
            });
    return CreateListenerOutput.builder().listeners(List.of(made)).build();
  }

  private static void checkProtocol(Balancer b, @Nullable String protocol) {
    if (protocol == null) {
      throw Attributes.invalid("A listener protocol must be specified");
    }
    boolean application = b.isApplication();
    boolean valid =
        application
            ? protocol.equals("HTTP") || protocol.equals("HTTPS")
            : List.of("TCP", "TLS", "UDP", "TCP_UDP", "QUIC", "TCP_QUIC").contains(protocol);
    if (!valid) {
      throw Attributes.invalid(
          "Listener protocol '"
              + protocol
              + "' must be one of '"
              + (application ? "HTTPS, HTTP" : "TCP, TCP_UDP, TLS, UDP")
              + "'");
    }
    if (!List.of("HTTP", "HTTPS", "TCP", "TLS").contains(protocol)) {
      throw Elbv2Errors.unsupportedProtocolException(
          "Freeway's network load balancers support TCP and TLS only, not " + protocol);
    }
  }

  private static void checkPort(
      Balancer b, List<ListenerEntry> others, int port, @Nullable String except) {
    for (ListenerEntry o : others) {
      if (o.api().port() == port && !o.arn().equals(except)) {
        throw Elbv2Errors.duplicateListenerException(
            "A listener already exists on this port for this load balancer '" + b.arn() + "'");
      }
    }
  }

  ModifyListenerOutput modify(Call call, ModifyListenerInput in) {
    ListenerEntry known = store.read(tx -> state.listener(tx, call, in.listenerArn()));
    Sealing.Asked asked =
        new Sealing.Asked(
            in.certificates(), in.sslPolicy(), in.alpnPolicy(), in.mutualAuthentication());
    sealing.read(asked);
    Listener changed =
        plane.open(
            known.api().loadBalancerArn(),
            tx -> {
              ListenerEntry l = state.listener(tx, call, in.listenerArn());
              Balancer b = state.balancer(tx, call, l.api().loadBalancerArn());
              Listener.Builder api = l.api().toBuilder();
              if (in.protocol() != null) {
                checkProtocol(b, in.protocol());
                api.protocol(in.protocol());
              }
              if (in.port() != null) {
                checkPort(b, state.listeners(tx, b.arn()), in.port(), l.arn());
                api.port(in.port());
              }
              if (in.defaultActions() != null && !in.defaultActions().isEmpty()) {
                api.defaultActions(actions.check(tx, call, b, in.defaultActions()));
              }
              Listener after = sealing.sealed(tx, call, api.build(), asked);
              ListenerEntry entry = l.with(after);
              state.put(tx, entry.isSealed() ? entry : entry.withCertificates(List.of()));
              sealing.changed(tx, b.arn());
              return after;
            });
    return ModifyListenerOutput.builder().listeners(List.of(changed)).build();
  }

  DeleteListenerOutput delete(Call call, DeleteListenerInput in) {
    ListenerEntry known = store.read(tx -> state.listener(tx, call, in.listenerArn()));
    plane.change(
        known.api().loadBalancerArn(),
        tx -> {
          state.deleteListener(tx, state.listener(tx, call, in.listenerArn()).arn());
          sealing.changed(tx, known.api().loadBalancerArn());
          return true;
        });
    return DeleteListenerOutput.builder().build();
  }

  DescribeListenersOutput describe(Call call, DescribeListenersInput in) {
    boolean named = in.listenerArns() != null && !in.listenerArns().isEmpty();
    if (!named && in.loadBalancerArn() == null) {
      throw Attributes.invalid("You must specify either listener ARNs or a load balancer ARN");
    }
    List<ListenerEntry> found =
        store.read(
            tx ->
                named
                    ? in.listenerArns().stream().map(a -> state.listener(tx, call, a)).toList()
                    : state.listeners(tx, state.balancer(tx, call, in.loadBalancerArn()).arn()));
    var page =
        Names.page(
            found.stream().sorted(java.util.Comparator.comparing(ListenerEntry::arn)).toList(),
            ListenerEntry::arn,
            in.marker(),
            in.pageSize());
    return DescribeListenersOutput.builder()
        .listeners(page.map(ListenerEntry::api))
        .nextMarker(page.nextToken())
        .build();
  }

  DescribeListenerAttributesOutput attributes(Call call, DescribeListenerAttributesInput in) {
    ListenerEntry l = store.read(tx -> state.listener(tx, call, in.listenerArn()));
    return DescribeListenerAttributesOutput.builder().attributes(attributes(l)).build();
  }

  ModifyListenerAttributesOutput modifyAttributes(Call call, ModifyListenerAttributesInput in) {
    ListenerEntry known = store.read(tx -> state.listener(tx, call, in.listenerArn()));
    ListenerEntry changed =
        plane.change(
            known.api().loadBalancerArn(),
            tx -> {
              ListenerEntry l = state.listener(tx, call, in.listenerArn());
              Map<String, String> all = new TreeMap<>(l.attributes());
              for (ListenerAttribute a : in.attributes()) {
                String value = a.value() == null ? "" : a.value();
                Attributes.check(Attributes.ofListener(l), "Listener", a.key(), value);
                all.put(a.key(), value);
              }
              ListenerEntry after = l.withAttributes(all);
              state.put(tx, after);
              return after;
            });
    return ModifyListenerAttributesOutput.builder().attributes(attributes(changed)).build();
  }

  private static List<ListenerAttribute> attributes(ListenerEntry l) {
    return Attributes.merged(Attributes.ofListener(l), l.attributes()).entrySet().stream()
        .map(e -> new ListenerAttribute(e.getKey(), e.getValue()))
        .toList();
  }
}
