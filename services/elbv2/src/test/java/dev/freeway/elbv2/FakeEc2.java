package dev.freeway.elbv2;

import dev.freeway.elbv2.uses.ec2.DescribeSecurityGroupsRequest;
import dev.freeway.elbv2.uses.ec2.DescribeSubnetsRequest;
import dev.freeway.elbv2.uses.ec2.DescribeVpcsRequest;
import dev.freeway.elbv2.uses.ec2.SecurityGroup;
import dev.freeway.elbv2.uses.ec2.Subnet;
import dev.freeway.elbv2.uses.ec2.Vpc;
import dev.freeway.platform.Call;
import dev.freeway.wire.AwsException;
import java.util.List;

/// One VPC with a subnet in each of three zones and one more in the first.
record FakeEc2() implements Ec2Calls {
  static final String VPC = "vpc-1";

  @Override
  public List<Subnet> subnets(Call call, DescribeSubnetsRequest request) {
    return request.subnetIds().stream().map(FakeEc2::subnet).toList();
  }

  private static Subnet subnet(String id) {
    if (!id.matches("subnet-[abc]2?")) {
      throw AwsException.client(
          "InvalidSubnetID.NotFound", "The subnet ID '" + id + "' does not exist");
    }
    return Subnet.builder()
        .subnetId(id)
        .vpcId(VPC)
        .availabilityZone("us-east-1" + id.charAt(7))
        .build();
  }

  @Override
  public List<SecurityGroup> groups(Call call, DescribeSecurityGroupsRequest request) {
    return List.of(SecurityGroup.builder().groupId("sg-default").vpcId(VPC).build());
  }

  @Override
  public List<Vpc> vpcs(Call call, DescribeVpcsRequest request) {
    if (!request.vpcIds().equals(List.of(VPC))) {
      throw AwsException.client("InvalidVpcID.NotFound", "The vpc ID does not exist");
    }
    return List.of(Vpc.builder().vpcId(VPC).build());
  }
}
