package dev.freeway.elbv2;

import dev.freeway.flow.Outcome;
import dev.freeway.flow.Reconciler;
import dev.freeway.platform.Platform;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;

/// Keeps Certificate Manager told which certificates a load balancer uses, and the load balancer
/// supplied with those that were imported or renewed anew. By load balancer.
final class CertificateUse implements Reconciler {
  private static final String KIND = "elbv2.certificates";
  private static final Duration AGAIN = Duration.ofMinutes(1);
  private static final Table<Noted> NOTED = new Table<>("elbv2_certificates_noted", Noted.class);

  /// What Certificate Manager was told last.
  record Noted(Set<String> arns) {
    Noted {
      arns = new TreeSet<>(arns == null ? Set.of() : arns);
    }
  }

  private final Platform platform;
  private final State state;
  private final CertificateReader certificates;
  private final DataPlane plane;

  CertificateUse(Platform platform, State state, CertificateReader reader, DataPlane plane) {
    this.platform = platform;
    this.state = state;
    this.certificates = reader;
    this.plane = plane;
  }

  /// With the change of a listener.
  static void wake(Platform platform, Tx tx, String balancerArn) {
    platform.flow().wake(tx, KIND, balancerArn);
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public Outcome reconcile(String balancerArn) {
    Set<String> wanted = platform.store().read(tx -> state.certificatesOf(tx, balancerArn));
    Set<String> noted =
        platform.store().read(tx -> tx.get(NOTED, balancerArn)).map(Noted::arns).orElseGet(Set::of);
    for (String arn : wanted) {
      if (!noted.contains(arn)) {
        certificates.note(arn, balancerArn, true);
      }
    }
    for (String arn : noted) {
      if (!wanted.contains(arn)) {
        certificates.note(arn, balancerArn, false);
      }
    }
    if (!wanted.equals(noted)) {
      platform
          .store()
          .update(
              tx -> {
                if (wanted.isEmpty()) {
                  tx.delete(NOTED, balancerArn);
                } else {
                  tx.put(NOTED, balancerArn, new Noted(wanted));
                }
              });
    }
    if (wanted.isEmpty()) {
      return Outcome.done();
    }
    if (certificates.refresh(wanted, true)) {
      plane.applyAnew(balancerArn);
    }
    return Outcome.retryAfter(AGAIN);
  }
}
