package dev.freeway.ec2;

import static dev.freeway.ec2.api.Ec2Api.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.ec2.api.DescribeSecurityGroupsRequest;
import dev.freeway.ec2.api.DescribeSubnetsRequest;
import dev.freeway.ec2.api.DescribeVpcsRequest;
import dev.freeway.ec2.api.Filter;
import dev.freeway.ec2.api.Subnet;
import dev.freeway.ec2.api.Vpc;
import dev.freeway.platform.Scope;
import dev.freeway.testkit.TestNode;
import dev.freeway.wire.AwsException;
import java.util.List;
import org.junit.jupiter.api.Test;

class DefaultVpcTest {
  static Vpc defaultVpc(TestNode node) {
    return node.call(
            DESCRIBE_VPCS,
            DescribeVpcsRequest.builder()
                .filters(List.of(new Filter("isDefault", List.of("true"))))
                .build())
        .vpcs()
        .getFirst();
  }

  @Test
  void hasASubnetPerZone() {
    try (TestNode node = TestNode.of(Ec2::new)) {
      var subnets =
          node.call(
                  DESCRIBE_SUBNETS,
                  DescribeSubnetsRequest.builder()
                      .filters(List.of(new Filter("vpc-id", List.of(defaultVpc(node).vpcId()))))
                      .build())
              .subnets();
      assertEquals(6, subnets.size());
      assertEquals(6, subnets.stream().map(Subnet::availabilityZone).distinct().count());
      assertEquals(6, subnets.stream().map(Subnet::cidrBlock).distinct().count());
      assertTrue(subnets.stream().allMatch(s -> s.availableIpAddressCount() == 4091));
    }
  }

  @Test
  void hasTheSameIdsOnEveryMachine() {
    String first;
    try (TestNode node = TestNode.of(Ec2::new)) {
      first = defaultVpc(node).vpcId();
    }
    try (TestNode node = TestNode.of(Ec2::new)) {
      assertEquals(first, defaultVpc(node).vpcId());
      var elsewhere = node.call(new Scope("111122223333", "eu-west-1"));
      var there =
          node.platform()
              .clients()
              .call(elsewhere, DESCRIBE_VPCS, DescribeVpcsRequest.builder().build());
      assertNotEquals(first, there.vpcs().getFirst().vpcId());
    }
  }

  @Test
  void defaultGroupAllowsItsOwnAndEverythingOut() {
    try (TestNode node = TestNode.of(Ec2::new)) {
      var group =
          node.call(
                  DESCRIBE_SECURITY_GROUPS,
                  DescribeSecurityGroupsRequest.builder().groupNames(List.of("default")).build())
              .securityGroups()
              .getFirst();
      assertEquals(
          group.groupId(),
          group.ipPermissions().getFirst().userIdGroupPairs().getFirst().groupId());
      assertEquals(
          "0.0.0.0/0", group.ipPermissionsEgress().getFirst().ipRanges().getFirst().cidrIp());
    }
  }

  @Test
  void namesTheVpcThatDoesNotExist() {
    try (TestNode node = TestNode.of(Ec2::new)) {
      AwsException e =
          assertThrows(
              AwsException.class,
              () ->
                  node.call(
                      DESCRIBE_VPCS,
                      DescribeVpcsRequest.builder().vpcIds(List.of("vpc-1")).build()));
      assertEquals("InvalidVpcID.NotFound", e.code());
      assertEquals("The vpc ID 'vpc-1' does not exist", e.message());
    }
  }
}
