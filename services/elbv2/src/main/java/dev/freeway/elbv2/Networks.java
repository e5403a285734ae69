package dev.freeway.elbv2;

import dev.freeway.elbv2.api.AvailabilityZone;
import dev.freeway.elbv2.api.Elbv2Errors;
import dev.freeway.elbv2.api.LoadBalancerAddress;
import dev.freeway.elbv2.api.SubnetMapping;
import dev.freeway.elbv2.uses.ec2.DescribeSecurityGroupsRequest;
import dev.freeway.elbv2.uses.ec2.DescribeSubnetsRequest;
import dev.freeway.elbv2.uses.ec2.DescribeVpcsRequest;
import dev.freeway.elbv2.uses.ec2.Filter;
import dev.freeway.elbv2.uses.ec2.SecurityGroup;
import dev.freeway.elbv2.uses.ec2.Subnet;
import dev.freeway.platform.Call;
import dev.freeway.wire.AwsException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What EC2 knows of the subnets, VPCs and security groups that a caller names.
final class Networks {
  private final Ec2Calls ec2;

  Networks(Ec2Calls ec2) {
    this.ec2 = ec2;
  }

  /// Where a load balancer is.
  record Place(String vpcId, List<AvailabilityZone> zones) {}

  Place place(
      Call call,
      String type,
      @Nullable List<String> subnets,
      @Nullable List<SubnetMapping> mappings,
      String address) {
    if (subnets != null && mappings != null) {
      throw Attributes.invalid("Only one of subnet mappings and subnets can be specified");
    }
    List<String> ids =
        subnets != null
            ? subnets
            : mappings == null
                ? List.of()
                : mappings.stream().map(SubnetMapping::subnetId).toList();
    int least = type.equals("application") ? 2 : 1;
    List<Subnet> found = ids.isEmpty() ? List.of() : subnets(call, ids);
    Set<String> zones = new HashSet<>();
    for (Subnet s : found) {
      if (!s.vpcId().equals(found.getFirst().vpcId())) {
        throw Elbv2Errors.invalidConfigurationRequestException(
            "All subnets must belong to the same VPC: '" + found.getFirst().vpcId() + "'");
      }
      if (!zones.add(s.availabilityZone())) {
        throw Elbv2Errors.invalidConfigurationRequestException(
            "A load balancer cannot be attached to multiple subnets in the same Availability Zone");
      }
    }
    if (zones.size() < least) {
      throw Attributes.invalid(
          least == 2
              ? "At least two subnets in two different Availability Zones must be specified"
              : "A load balancer must have at least one subnet specified");
    }
    return new Place(
        found.getFirst().vpcId(),
        found.stream()
            .sorted(Comparator.comparing(Subnet::availabilityZone))
            .map(
                s ->
                    AvailabilityZone.builder()
                        .zoneName(s.availabilityZone())
                        .subnetId(s.subnetId())
                        .loadBalancerAddresses(
                            List.of(LoadBalancerAddress.builder().ipAddress(address).build()))
                        .build())
            .toList());
  }

  private List<Subnet> subnets(Call call, List<String> ids) {
    List<String> distinct = List.copyOf(new HashSet<>(ids));
    if (distinct.size() < ids.size()) {
      throw Elbv2Errors.invalidConfigurationRequestException("A subnet is specified twice");
    }
    try {
      return ec2.subnets(call, DescribeSubnetsRequest.builder().subnetIds(distinct).build());
    } catch (AwsException e) {
      if (e.is("InvalidSubnetID.NotFound")) {
        throw Elbv2Errors.subnetNotFoundException(e.message());
      }
      throw e;
    }
  }

  /// The groups named, or the VPC's default one.
  List<String> groups(Call call, String vpcId, @Nullable List<String> named) {
    boolean given = named != null && !named.isEmpty();
    var request =
        given
            ? DescribeSecurityGroupsRequest.builder().groupIds(named).build()
            : DescribeSecurityGroupsRequest.builder()
                .filters(
                    List.of(
                        new Filter("vpc-id", List.of(vpcId)),
                        new Filter("group-name", List.of("default"))))
                .build();
    try {
      List<SecurityGroup> found = ec2.groups(call, request);
      for (SecurityGroup g : found) {
        if (!vpcId.equals(g.vpcId())) {
          throw Elbv2Errors.invalidConfigurationRequestException(
              "One or more security groups are invalid: '" + g.groupId() + "' is not in " + vpcId);
        }
      }
      return given ? new ArrayList<>(named) : found.stream().map(SecurityGroup::groupId).toList();
    } catch (AwsException e) {
      if (e.code().startsWith("InvalidGroup")) {
        throw Elbv2Errors.invalidConfigurationRequestException(
            "One or more security groups are invalid");
      }
      throw e;
    }
  }

  void checkVpc(Call call, String vpcId) {
    try {
      ec2.vpcs(call, DescribeVpcsRequest.builder().vpcIds(List.of(vpcId)).build());
    } catch (AwsException e) {
      if (e.is("InvalidVpcID.NotFound")) {
        throw Attributes.invalid("The VPC ID '" + vpcId + "' is not found");
      }
      throw e;
    }
  }
}
