package dev.freeway.elbv2;

import dev.freeway.elbv2.uses.ec2.DescribeSecurityGroupsRequest;
import dev.freeway.elbv2.uses.ec2.DescribeSubnetsRequest;
import dev.freeway.elbv2.uses.ec2.DescribeVpcsRequest;
import dev.freeway.elbv2.uses.ec2.Ec2Api;
import dev.freeway.elbv2.uses.ec2.SecurityGroup;
import dev.freeway.elbv2.uses.ec2.Subnet;
import dev.freeway.elbv2.uses.ec2.Vpc;
import dev.freeway.platform.Call;
import dev.freeway.platform.Clients;
import java.util.List;

/// What is asked of EC2, with EC2's errors.
interface Ec2Calls {
  List<Subnet> subnets(Call call, DescribeSubnetsRequest request);

  List<SecurityGroup> groups(Call call, DescribeSecurityGroupsRequest request);

  List<Vpc> vpcs(Call call, DescribeVpcsRequest request);

  /// The service that runs beside.
  record Real(Clients clients) implements Ec2Calls {
    @Override
    public List<Subnet> subnets(Call call, DescribeSubnetsRequest request) {
      return clients.call(call, Ec2Api.DESCRIBE_SUBNETS, request).subnets();
    }

    @Override
    public List<SecurityGroup> groups(Call call, DescribeSecurityGroupsRequest request) {
      return clients.call(call, Ec2Api.DESCRIBE_SECURITY_GROUPS, request).securityGroups();
    }

    @Override
    public List<Vpc> vpcs(Call call, DescribeVpcsRequest request) {
      return clients.call(call, Ec2Api.DESCRIBE_VPCS, request).vpcs();
    }
  }
}
