package dev.freeway.elbv2;

import dev.freeway.elbv2.api.DescribeAccountLimitsInput;
import dev.freeway.elbv2.api.DescribeAccountLimitsOutput;
import dev.freeway.elbv2.api.Limit;
import dev.freeway.platform.Call;
import java.util.List;

/// What the account may have.
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

  private Limits() {}

  static DescribeAccountLimitsOutput describe(Call call, DescribeAccountLimitsInput in) {
    var page = Names.page(LIMITS, Limit::name, null, null);
    return DescribeAccountLimitsOutput.builder().limits(page.items()).build();
  }
}
