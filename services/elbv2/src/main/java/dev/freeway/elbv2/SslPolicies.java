package dev.freeway.elbv2;

import dev.freeway.elbv2.api.Cipher;
import dev.freeway.elbv2.api.DescribeSSLPoliciesInput;
import dev.freeway.elbv2.api.DescribeSSLPoliciesOutput;
import dev.freeway.elbv2.api.Elbv2Errors;
import dev.freeway.elbv2.api.SslPolicy;
import dev.freeway.platform.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// AWS's security policies: which versions and ciphers a listener takes. What the JDK has switched
/// off (TLS 1.0 and 1.1, key exchange by RSA) is named as AWS names it and not offered.
final class SslPolicies {
  static final String DEFAULT = "ELBSecurityPolicy-2016-08";

  private static final List<String> TLS13 =
      List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");
  private static final List<String> GCM =
      List.of(
          "ECDHE-ECDSA-AES128-GCM-SHA256",
          "ECDHE-RSA-AES128-GCM-SHA256",
          "ECDHE-ECDSA-AES256-GCM-SHA384",
          "ECDHE-RSA-AES256-GCM-SHA384");
  private static final List<String> SHA2 =
      List.of(
          "ECDHE-ECDSA-AES128-GCM-SHA256",
          "ECDHE-RSA-AES128-GCM-SHA256",
          "ECDHE-ECDSA-AES128-SHA256",
          "ECDHE-RSA-AES128-SHA256",
          "ECDHE-ECDSA-AES256-GCM-SHA384",
          "ECDHE-RSA-AES256-GCM-SHA384",
          "ECDHE-ECDSA-AES256-SHA384",
          "ECDHE-RSA-AES256-SHA384");
  private static final List<String> FORWARD =
      List.of(
          "ECDHE-ECDSA-AES128-GCM-SHA256",
          "ECDHE-RSA-AES128-GCM-SHA256",
          "ECDHE-ECDSA-AES128-SHA256",
          "ECDHE-RSA-AES128-SHA256",
          "ECDHE-ECDSA-AES128-SHA",
          "ECDHE-RSA-AES128-SHA",
          "ECDHE-ECDSA-AES256-GCM-SHA384",
          "ECDHE-RSA-AES256-GCM-SHA384",
          "ECDHE-ECDSA-AES256-SHA384",
          "ECDHE-RSA-AES256-SHA384",
          "ECDHE-RSA-AES256-SHA",
          "ECDHE-ECDSA-AES256-SHA");
  private static final List<String> RSA_SHA2 =
      List.of("AES128-GCM-SHA256", "AES128-SHA256", "AES256-GCM-SHA384", "AES256-SHA256");
  private static final List<String> RSA =
      List.of(
          "AES128-GCM-SHA256",
          "AES128-SHA256",
          "AES128-SHA",
          "AES256-GCM-SHA384",
          "AES256-SHA256",
          "AES256-SHA");

  private static final List<SslPolicy> ALL =
      List.of(
          policy("ELBSecurityPolicy-2016-08", 0, 2, FORWARD, RSA),
          policy("ELBSecurityPolicy-TLS13-1-2-2021-06", 2, 3, TLS13, SHA2),
          policy("ELBSecurityPolicy-TLS13-1-2-Res-2021-06", 2, 3, TLS13, GCM),
          policy("ELBSecurityPolicy-TLS13-1-2-Ext1-2021-06", 2, 3, TLS13, SHA2, RSA_SHA2),
          policy("ELBSecurityPolicy-TLS13-1-2-Ext2-2021-06", 2, 3, TLS13, FORWARD, RSA),
          policy("ELBSecurityPolicy-TLS13-1-1-2021-06", 1, 3, TLS13, FORWARD, RSA),
          policy("ELBSecurityPolicy-TLS13-1-0-2021-06", 0, 3, TLS13, FORWARD, RSA),
          policy("ELBSecurityPolicy-TLS13-1-3-2021-06", 3, 3, TLS13),
          policy("ELBSecurityPolicy-TLS-1-2-2017-01", 2, 2, SHA2, RSA_SHA2),
          policy("ELBSecurityPolicy-TLS-1-1-2017-01", 1, 2, FORWARD, RSA),
          policy("ELBSecurityPolicy-TLS-1-2-Ext-2018-06", 2, 2, FORWARD, RSA),
          policy("ELBSecurityPolicy-FS-2018-06", 0, 2, FORWARD),
          policy("ELBSecurityPolicy-FS-1-1-2019-08", 1, 2, FORWARD),
          policy("ELBSecurityPolicy-FS-1-2-2019-08", 2, 2, FORWARD),
          policy("ELBSecurityPolicy-FS-1-2-Res-2019-08", 2, 2, SHA2),
          policy("ELBSecurityPolicy-FS-1-2-Res-2020-10", 2, 2, GCM),
          policy("ELBSecurityPolicy-TLS-1-0-2015-04", 0, 2, FORWARD, RSA, List.of("DES-CBC3-SHA")),
          policy("ELBSecurityPolicy-2015-05", 0, 2, FORWARD, RSA));

  private SslPolicies() {}

  /// Versions by their second number: 1.0 is 0.
  @SafeVarargs
  private static SslPolicy policy(String name, int first, int last, List<String>... ciphers) {
    List<String> versions = List.of("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3");
    List<String> all = new ArrayList<>();
    for (List<String> some : ciphers) {
      all.addAll(some);
    }
    return SslPolicy.builder()
        .name(name)
        .sslProtocols(versions.subList(first, last + 1))
        .ciphers(
            IntStream.range(0, all.size()).mapToObj(i -> new Cipher(all.get(i), i + 1)).toList())
        .supportedLoadBalancerTypes(List.of("application", "network"))
        .build();
  }

  /// The policy of that name, or the default one.
  static SslPolicy named(@Nullable String name) {
    String wanted = name == null ? DEFAULT : name;
    return ALL.stream()
        .filter(p -> p.name().equals(wanted))
        .findFirst()
        .orElseThrow(
            () -> Elbv2Errors.sslPolicyNotFoundException("SSL policy '" + name + "' not found"));
  }

  static DescribeSSLPoliciesOutput describe(Call call, DescribeSSLPoliciesInput in) {
    boolean all = in.names() == null || in.names().isEmpty();
    List<SslPolicy> found =
        (all ? ALL : in.names().stream().map(SslPolicies::named).toList())
            .stream()
                .filter(
                    p ->
                        in.loadBalancerType() == null
                            || p.supportedLoadBalancerTypes().contains(in.loadBalancerType()))
                .toList();
    var page = Names.page(found, SslPolicy::name, in.marker(), in.pageSize());
    return DescribeSSLPoliciesOutput.builder()
        .sslPolicies(page.items())
        .nextMarker(page.nextToken())
        .build();
  }
}
