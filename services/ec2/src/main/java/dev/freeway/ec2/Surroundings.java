package dev.freeway.ec2;

import dev.freeway.ec2.api.AccountAttribute;
import dev.freeway.ec2.api.AccountAttributeValue;
import dev.freeway.ec2.api.DescribeAccountAttributesRequest;
import dev.freeway.ec2.api.DescribeAccountAttributesResult;
import dev.freeway.ec2.api.DescribeDhcpOptionsRequest;
import dev.freeway.ec2.api.DescribeDhcpOptionsResult;
import dev.freeway.ec2.api.DescribeInstancesRequest;
import dev.freeway.ec2.api.DescribeInstancesResult;
import dev.freeway.ec2.api.DescribeKeyPairsRequest;
import dev.freeway.ec2.api.DescribeKeyPairsResult;
import dev.freeway.ec2.api.DescribeNetworkAclsRequest;
import dev.freeway.ec2.api.DescribeNetworkAclsResult;
import dev.freeway.ec2.api.DescribeNetworkInterfacesRequest;
import dev.freeway.ec2.api.DescribeNetworkInterfacesResult;
import dev.freeway.ec2.api.DescribeVolumesRequest;
import dev.freeway.ec2.api.DescribeVolumesResult;
import dev.freeway.ec2.api.DescribeVpnGatewaysRequest;
import dev.freeway.ec2.api.DescribeVpnGatewaysResult;
import dev.freeway.platform.Call;
import dev.freeway.wire.AwsException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is only described: what comes with VPCs, what the account has, and kinds of things of which
/// there are none because nothing here makes them.
final class Surroundings {
  private final Inventory all;

  Surroundings(Inventory all) {
    this.all = all;
  }

  DescribeNetworkAclsResult acls(Call call, DescribeNetworkAclsRequest in) {
    var page =
        all.describe(
            call, Types.ACL, in.networkAclIds(), in.filters(), in.nextToken(), in.maxResults());
    return DescribeNetworkAclsResult.builder()
        .networkAcls(page.items())
        .nextToken(page.nextToken())
        .build();
  }

  DescribeDhcpOptionsResult dhcp(Call call, DescribeDhcpOptionsRequest in) {
    var page =
        all.describe(
            call, Types.DHCP, in.dhcpOptionsIds(), in.filters(), in.nextToken(), in.maxResults());
    return DescribeDhcpOptionsResult.builder()
        .dhcpOptions(page.items())
        .nextToken(page.nextToken())
        .build();
  }

  DescribeNetworkInterfacesResult interfaces(Call call, DescribeNetworkInterfacesRequest in) {
    var page =
        all.describe(
            call,
            Types.INTERFACE,
            in.networkInterfaceIds(),
            in.filters(),
            in.nextToken(),
            in.maxResults());
    return DescribeNetworkInterfacesResult.builder()
        .networkInterfaces(page.items())
        .nextToken(page.nextToken())
        .build();
  }

  DescribeInstancesResult instances(Call call, DescribeInstancesRequest in) {
    none(in.instanceIds(), "InvalidInstanceID.NotFound", "The instance ID '%s' does not exist");
    return DescribeInstancesResult.builder().reservations(List.of()).build();
  }

  DescribeVolumesResult volumes(Call call, DescribeVolumesRequest in) {
    none(in.volumeIds(), "InvalidVolume.NotFound", "The volume '%s' does not exist.");
    return DescribeVolumesResult.builder().volumes(List.of()).build();
  }

  DescribeKeyPairsResult keyPairs(Call call, DescribeKeyPairsRequest in) {
    none(in.keyNames(), "InvalidKeyPair.NotFound", "The key pair '%s' does not exist");
    return DescribeKeyPairsResult.builder().keyPairs(List.of()).build();
  }

  DescribeVpnGatewaysResult vpnGateways(Call call, DescribeVpnGatewaysRequest in) {
    none(
        in.vpnGatewayIds(),
        "InvalidVpnGatewayID.NotFound",
        "The vpnGateway ID '%s' does not exist");
    return DescribeVpnGatewaysResult.builder().vpnGateways(List.of()).build();
  }

  private static void none(@Nullable List<String> ids, String code, String message) {
    if (ids != null && !ids.isEmpty()) {
      throw AwsException.client(code, message.formatted(ids.getFirst()));
    }
  }

  DescribeAccountAttributesResult account(Call call, DescribeAccountAttributesRequest in) {
    String vpc =
        all.read(
            call,
            tx ->
                all.all(tx, call, Types.VPC).stream()
                    .filter(v -> Boolean.TRUE.equals(v.isDefault()))
                    .map(v -> v.vpcId())
                    .findFirst()
                    .orElse("none"));
    Map<String, String> values = new LinkedHashMap<>();
    values.put("supported-platforms", "VPC");
    values.put("default-vpc", vpc);
    values.put("vpc-max-security-groups-per-interface", "5");
    values.put("vpc-max-elastic-ips", "508");
    List<String> names = in.attributeNames() == null ? List.of() : in.attributeNames();
    return DescribeAccountAttributesResult.builder()
        .accountAttributes(
            values.entrySet().stream()
                .filter(e -> names.isEmpty() || names.contains(e.getKey()))
                .map(
                    e ->
                        new AccountAttribute(
                            e.getKey(),
                            List.of(
                                AccountAttributeValue.builder()
                                    .attributeValue(e.getValue())
                                    .build())))
                .toList())
        .build();
  }
}
