package dev.freeway.elbv2;

import dev.freeway.elbv2.api.Cipher;
import dev.freeway.elbv2.api.DescribeAccountLimitsInput;
import dev.freeway.elbv2.api.DescribeAccountLimitsOutput;
import dev.freeway.elbv2.api.DescribeSSLPoliciesInput;
import dev.freeway.elbv2.api.DescribeSSLPoliciesOutput;
import dev.freeway.elbv2.api.Elbv2Errors;
import dev.freeway.elbv2.api.Limit;
import dev.freeway.elbv2.api.SslPolicy;
import dev.freeway.platform.Call;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// What the account may have, and the security policies that AWS defines.
final class Limits {
  private static final List<Limit> LIMITS =
      List.of(
          new Limit("application-load-balancers", "50"),
          new Limit("listeners-per-application-load-balancer", "50"),
          new Limit("rules-per-application-load-balancer", "100"),
          new Limit("network-load-balancers", "50"),
          new Limit("listeners-per-network-load-balancer", "50"),
          new Limit("target-groups", "3000"),
          new Limit("targets-per-application-load-balancer", "1000"),
          new Limit("target-groups-per-action-on-application-load-balancer", "5"),
          new Limit("target-groups-per-action-on-network-load-balancer", "1"),
          new Limit("condition-values-per-alb-rule", "5"));

  private static final List<String> TLS13 =
      List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");
  private static final List<String> TLS12 =
      List.of(
          "ECDHE-ECDSA-AES128-GCM-SHA256",
          "ECDHE-RSA-AES128-GCM-SHA256",
          "ECDHE-ECDSA-AES256-GCM-SHA384",
          "ECDHE-RSA-AES256-GCM-SHA384");
  private static final List<SslPolicy> POLICIES =
      List.of(
          policy(
              "ELBSecurityPolicy-TLS13-1-2-2021-06", List.of("TLSv1.2", "TLSv1.3"), TLS13, TLS12),
          policy("ELBSecurityPolicy-TLS13-1-3-2021-06", List.of("TLSv1.3"), TLS13, List.of()));

  private Limits() {}

  static DescribeAccountLimitsOutput describe(Call call, DescribeAccountLimitsInput in) {
    var page = Names.page(LIMITS, Limit::name, null, null);
    return DescribeAccountLimitsOutput.builder().limits(page.items()).build();
  }

  static DescribeSSLPoliciesOutput policies(Call call, DescribeSSLPoliciesInput in) {
    List<String> names = in.names() == null ? List.of() : in.names();
    for (String n : names) {
      if (POLICIES.stream().noneMatch(p -> p.name().equals(n))) {
        throw Elbv2Errors.sslPolicyNotFoundException("One or more SSL policies not found: " + n);
      }
    }
    return DescribeSSLPoliciesOutput.builder()
        .sslPolicies(
            POLICIES.stream().filter(p -> names.isEmpty() || names.contains(p.name())).toList())
        .build();
  }

  private static SslPolicy policy(
      String name, List<String> protocols, List<String> first, List<String> then) {
    List<String> all = Stream.concat(first.stream(), then.stream()).toList();
    return SslPolicy.builder()
        .name(name)
        .sslProtocols(protocols)
        .ciphers(
            IntStream.range(0, all.size()).mapToObj(i -> new Cipher(all.get(i), i + 1)).toList())
        .supportedLoadBalancerTypes(List.of("application", "network"))
        .build();
  }
}
