package dev.freeway.ecs;

import dev.freeway.ecs.api.AwsVpcConfiguration;
import dev.freeway.ecs.api.EcsErrors;
import dev.freeway.ecs.api.NetworkConfiguration;
import dev.freeway.ecs.uses.ec2.DescribeSecurityGroupsRequest;
import dev.freeway.ecs.uses.ec2.DescribeSubnetsRequest;
import dev.freeway.ecs.uses.ec2.Ec2Api;
import dev.freeway.platform.Call;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.wire.AwsException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Whether the subnets and security groups of a network are there.
@FunctionalInterface
interface Networks {
  /// Throws InvalidParameterException when one is not. Waits for EC2: not inside a transaction.
  void check(Scope scope, @Nullable NetworkConfiguration network);

  /// The service that runs beside.
  static Networks of(Platform platform) {
    return (scope, network) -> {
      AwsVpcConfiguration vpc = network == null ? null : network.awsvpcConfiguration();
      if (vpc == null) {
        return;
      }
      Call call = platform.background(scope, "ecs");
      ask(
          "subnet",
          vpc.subnets(),
          ids ->
              platform
                  .clients()
                  .call(
                      call,
                      Ec2Api.DESCRIBE_SUBNETS,
                      DescribeSubnetsRequest.builder().subnetIds(ids).build()));
      ask(
          "security group",
          vpc.securityGroups(),
          ids ->
              platform
                  .clients()
                  .call(
                      call,
                      Ec2Api.DESCRIBE_SECURITY_GROUPS,
                      DescribeSecurityGroupsRequest.builder().groupIds(ids).build()));
    };
  }

  private static void ask(
      String what, @Nullable List<String> ids, java.util.function.Consumer<List<String>> describe) {
    if (ids == null || ids.isEmpty()) {
      return;
    }
    try {
      describe.accept(ids);
    } catch (AwsException e) {
      throw e.serverFault()
          ? e
          : EcsErrors.invalidParameterException(
              "Error retrieving %s information for %s: %s (ErrorCode: %s)"
                  .formatted(what, ids, e.message(), e.code()));
    }
  }
}
