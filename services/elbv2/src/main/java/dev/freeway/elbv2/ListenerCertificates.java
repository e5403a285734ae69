package dev.freeway.elbv2;

import dev.freeway.elbv2.api.AddListenerCertificatesInput;
import dev.freeway.elbv2.api.AddListenerCertificatesOutput;
import dev.freeway.elbv2.api.Certificate;
import dev.freeway.elbv2.api.DescribeListenerCertificatesInput;
import dev.freeway.elbv2.api.DescribeListenerCertificatesOutput;
import dev.freeway.elbv2.api.Elbv2Errors;
import dev.freeway.elbv2.api.RemoveListenerCertificatesInput;
import dev.freeway.elbv2.api.RemoveListenerCertificatesOutput;
import dev.freeway.platform.Call;
import dev.freeway.store.Store;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The certificates of a listener besides its default one: a client's server name chooses.
final class ListenerCertificates {
  private static final int MAX = 25;

  private final Store store;
  private final State state;
  private final DataPlane plane;
  private final Sealing sealing;
  private final CertificateReader certificates;

  ListenerCertificates(
      Store store, State state, DataPlane plane, Sealing sealing, CertificateReader certificates) {
    this.store = store;
    this.state = state;
    this.plane = plane;
    this.sealing = sealing;
    this.certificates = certificates;
  }

  /// Adding one that is there changes nothing.
  AddListenerCertificatesOutput add(Call call, AddListenerCertificatesInput in) {
    ListenerEntry known = require(call, in.listenerArn());
    in.certificates().forEach(c -> certificates.require(c.certificateArn()));
    plane.change(
        known.api().loadBalancerArn(),
        tx -> {
          ListenerEntry l = state.listener(tx, call, in.listenerArn());
          Set<String> all = new LinkedHashSet<>(l.certificates());
          in.certificates().forEach(c -> all.add(c.certificateArn()));
          if (all.size() > MAX) {
            throw Elbv2Errors.tooManyCertificatesException(
                "The maximum number of certificates has been reached");
          }
          state.put(tx, l.withCertificates(List.copyOf(all)));
          sealing.changed(tx, l.api().loadBalancerArn());
          return true;
        });
    return AddListenerCertificatesOutput.builder()
        .certificates(
            in.certificates().stream()
                .map(c -> new Certificate(c.certificateArn(), false))
                .toList())
        .build();
  }

  RemoveListenerCertificatesOutput remove(Call call, RemoveListenerCertificatesInput in) {
    ListenerEntry known = require(call, in.listenerArn());
    String usual = known.api().certificates().getFirst().certificateArn();
    plane.change(
        known.api().loadBalancerArn(),
        tx -> {
          ListenerEntry l = state.listener(tx, call, in.listenerArn());
          List<String> rest = new ArrayList<>(l.certificates());
          for (Certificate c : in.certificates()) {
            if (!rest.remove(c.certificateArn()) && c.certificateArn().equals(usual)) {
              throw Elbv2Errors.operationNotPermittedException(
                  "Default certificate '" + usual + "' cannot be removed");
            }
          }
          state.put(tx, l.withCertificates(rest));
          sealing.changed(tx, l.api().loadBalancerArn());
          return true;
        });
    return RemoveListenerCertificatesOutput.builder().build();
  }

  private ListenerEntry require(Call call, String arn) {
    ListenerEntry l = store.read(tx -> state.listener(tx, call, arn));
    if (!l.isSealed()) {
      throw Elbv2Errors.invalidConfigurationRequestException(
          "Certificates cannot be specified for " + l.api().protocol() + " listeners");
    }
    return l;
  }

  /// The default one is listed, and once more when it was added too.
  DescribeListenerCertificatesOutput describe(Call call, DescribeListenerCertificatesInput in) {
    ListenerEntry l = store.read(tx -> state.listener(tx, call, in.listenerArn()));
    List<Certificate> all = new ArrayList<>();
    if (l.api().certificates() != null) {
      l.api().certificates().forEach(c -> all.add(new Certificate(c.certificateArn(), true)));
    }
    l.certificates().forEach(c -> all.add(new Certificate(c, false)));
    var page =
        Names.page(
            all.stream()
                .sorted(
                    java.util.Comparator.comparing(
                        (Certificate c) -> !c.isDefault() + c.certificateArn()))
                .toList(),
            c -> !c.isDefault() + c.certificateArn(),
            in.marker(),
            in.pageSize());
    return DescribeListenerCertificatesOutput.builder()
        .certificates(page.items())
        .nextMarker(page.nextToken())
        .build();
  }
}
