package dev.freeway.ec2;

import dev.freeway.ec2.api.DhcpOptions;
import dev.freeway.ec2.api.InternetGateway;
import dev.freeway.ec2.api.InternetGatewayAttachment;
import dev.freeway.ec2.api.IpPermission;
import dev.freeway.ec2.api.IpRange;
import dev.freeway.ec2.api.NetworkAcl;
import dev.freeway.ec2.api.NetworkAclAssociation;
import dev.freeway.ec2.api.NetworkInterface;
import dev.freeway.ec2.api.Route;
import dev.freeway.ec2.api.RouteTable;
import dev.freeway.ec2.api.RouteTableAssociation;
import dev.freeway.ec2.api.SecurityGroup;
import dev.freeway.ec2.api.SecurityGroupRule;
import dev.freeway.ec2.api.Subnet;
import dev.freeway.ec2.api.UserIdGroupPair;
import dev.freeway.ec2.api.Vpc;
import dev.freeway.ec2.api.VpcCidrBlockAssociation;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The resources of a VPC, with the filters their describe operations know.
final class Types {
  private Types() {}

  static final ResourceType<Vpc> VPC =
      ResourceType.of(
              "vpc",
              "vpc-",
              Vpc.class,
              Vpc::vpcId,
              Vpc::tags,
              (v, t) -> v.toBuilder().tags(t).build(),
              "InvalidVpcID.NotFound",
              "The vpc ID '%s' does not exist")
          .filter("vpc-id", Vpc::vpcId)
          .filter("cidr", Vpc::cidrBlock)
          .filter("cidr-block", Vpc::cidrBlock)
          .filter(
              "cidr-block-association.cidr-block",
              v -> each(v.cidrBlockAssociationSet(), VpcCidrBlockAssociation::cidrBlock))
          .filter(
              "cidr-block-association.association-id",
              v -> each(v.cidrBlockAssociationSet(), VpcCidrBlockAssociation::associationId))
          .filter(
              "cidr-block-association.state",
              v -> each(v.cidrBlockAssociationSet(), a -> a.cidrBlockState().state()))
          .filter("dhcp-options-id", Vpc::dhcpOptionsId)
          .filter("is-default", Vpc::isDefault)
          .filter("isDefault", Vpc::isDefault)
          .filter("owner-id", Vpc::ownerId)
          .filter("state", Vpc::state);

  static final ResourceType<Subnet> SUBNET =
      ResourceType.of(
              "subnet",
              "subnet-",
              Subnet.class,
              Subnet::subnetId,
              Subnet::tags,
              (s, t) -> s.toBuilder().tags(t).build(),
              "InvalidSubnetID.NotFound",
              "The subnet ID '%s' does not exist")
          .filter("subnet-id", Subnet::subnetId)
          .filter("vpc-id", Subnet::vpcId)
          .filter("availability-zone", Subnet::availabilityZone)
          .filter("availabilityZone", Subnet::availabilityZone)
          .filter("availability-zone-id", Subnet::availabilityZoneId)
          .filter("available-ip-address-count", Subnet::availableIpAddressCount)
          .filter("cidr", Subnet::cidrBlock)
          .filter("cidr-block", Subnet::cidrBlock)
          .filter("cidrBlock", Subnet::cidrBlock)
          .filter("default-for-az", Subnet::defaultForAz)
          .filter("defaultForAz", Subnet::defaultForAz)
          .filter("map-public-ip-on-launch", Subnet::mapPublicIpOnLaunch)
          .filter("owner-id", Subnet::ownerId)
          .filter("state", Subnet::state)
          .filter("subnet-arn", Subnet::subnetArn);

  static final ResourceType<SecurityGroup> GROUP =
      ResourceType.of(
              "security-group",
              "sg-",
              SecurityGroup.class,
              SecurityGroup::groupId,
              SecurityGroup::tags,
              (g, t) -> g.toBuilder().tags(t).build(),
              "InvalidGroup.NotFound",
              "The security group '%s' does not exist")
          .filter("group-id", SecurityGroup::groupId)
          .filter("group-name", SecurityGroup::groupName)
          .filter("vpc-id", SecurityGroup::vpcId)
          .filter("description", SecurityGroup::description)
          .filter("owner-id", SecurityGroup::ownerId);

  static {
    permissionFilters("", SecurityGroup::ipPermissions);
    permissionFilters("egress.", SecurityGroup::ipPermissionsEgress);
  }

  private static void permissionFilters(
      String prefix, Function<SecurityGroup, List<IpPermission>> of) {
    GROUP
        .filter(prefix + "ip-permission.protocol", g -> each(of.apply(g), IpPermission::ipProtocol))
        .filter(prefix + "ip-permission.from-port", g -> each(of.apply(g), IpPermission::fromPort))
        .filter(prefix + "ip-permission.to-port", g -> each(of.apply(g), IpPermission::toPort))
        .filter(
            prefix + "ip-permission.cidr",
            g -> nested(of.apply(g), IpPermission::ipRanges, IpRange::cidrIp))
        .filter(
            prefix + "ip-permission.group-id",
            g -> nested(of.apply(g), IpPermission::userIdGroupPairs, UserIdGroupPair::groupId));
  }

  static final ResourceType<SecurityGroupRule> RULE =
      ResourceType.of(
              "security-group-rule",
              "sgr-",
              SecurityGroupRule.class,
              SecurityGroupRule::securityGroupRuleId,
              SecurityGroupRule::tags,
              (r, t) -> r.toBuilder().tags(t).build(),
              "InvalidSecurityGroupRuleId.NotFound",
              "The security group rule ID '%s' does not exist")
          .filter("security-group-rule-id", SecurityGroupRule::securityGroupRuleId)
          .filter("group-id", SecurityGroupRule::groupId);

  static final ResourceType<RouteTable> ROUTES =
      ResourceType.of(
              "route-table",
              "rtb-",
              RouteTable.class,
              RouteTable::routeTableId,
              RouteTable::tags,
              (r, t) -> r.toBuilder().tags(t).build(),
              "InvalidRouteTableID.NotFound",
              "The routeTable ID '%s' does not exist")
          .filter("route-table-id", RouteTable::routeTableId)
          .filter("vpc-id", RouteTable::vpcId)
          .filter("owner-id", RouteTable::ownerId)
          .filter("association.main", r -> each(r.associations(), RouteTableAssociation::main))
          .filter(
              "association.subnet-id", r -> each(r.associations(), RouteTableAssociation::subnetId))
          .filter(
              "association.gateway-id",
              r -> each(r.associations(), RouteTableAssociation::gatewayId))
          .filter(
              "association.route-table-id",
              r -> each(r.associations(), RouteTableAssociation::routeTableId))
          .filter(
              "association.route-table-association-id",
              r -> each(r.associations(), RouteTableAssociation::routeTableAssociationId))
          .filter(
              "route.destination-cidr-block", r -> each(r.routes(), Route::destinationCidrBlock))
          .filter("route.gateway-id", r -> each(r.routes(), Route::gatewayId))
          .filter("route.nat-gateway-id", r -> each(r.routes(), Route::natGatewayId))
          .filter("route.origin", r -> each(r.routes(), Route::origin))
          .filter("route.state", r -> each(r.routes(), Route::state));

  static final ResourceType<InternetGateway> GATEWAY =
      ResourceType.of(
              "internet-gateway",
              "igw-",
              InternetGateway.class,
              InternetGateway::internetGatewayId,
              InternetGateway::tags,
              (g, t) -> g.toBuilder().tags(t).build(),
              "InvalidInternetGatewayID.NotFound",
              "The internetGateway ID '%s' does not exist")
          .filter("internet-gateway-id", InternetGateway::internetGatewayId)
          .filter("owner-id", InternetGateway::ownerId)
          .filter("attachment.vpc-id", g -> each(g.attachments(), InternetGatewayAttachment::vpcId))
          .filter("attachment.state", g -> each(g.attachments(), InternetGatewayAttachment::state));

  static final ResourceType<NetworkAcl> ACL =
      ResourceType.of(
              "network-acl",
              "acl-",
              NetworkAcl.class,
              NetworkAcl::networkAclId,
              NetworkAcl::tags,
              (a, t) -> a.toBuilder().tags(t).build(),
              "InvalidNetworkAclID.NotFound",
              "The networkAcl ID '%s' does not exist")
          .filter("network-acl-id", NetworkAcl::networkAclId)
          .filter("vpc-id", NetworkAcl::vpcId)
          .filter("owner-id", NetworkAcl::ownerId)
          .filter("default", NetworkAcl::isDefault)
          .filter(
              "association.subnet-id", a -> each(a.associations(), NetworkAclAssociation::subnetId))
          .filter(
              "association.association-id",
              a -> each(a.associations(), NetworkAclAssociation::networkAclAssociationId));

  static final ResourceType<DhcpOptions> DHCP =
      ResourceType.of(
              "dhcp-options",
              "dopt-",
              DhcpOptions.class,
              DhcpOptions::dhcpOptionsId,
              DhcpOptions::tags,
              (d, t) -> d.toBuilder().tags(t).build(),
              "InvalidDhcpOptionID.NotFound",
              "The dhcpOption ID '%s' does not exist")
          .filter("dhcp-options-id", DhcpOptions::dhcpOptionsId)
          .filter("owner-id", DhcpOptions::ownerId);

  static final ResourceType<NetworkInterface> INTERFACE =
      ResourceType.of(
              "network-interface",
              "eni-",
              NetworkInterface.class,
              NetworkInterface::networkInterfaceId,
              NetworkInterface::tagSet,
              (n, t) -> n.toBuilder().tagSet(t).build(),
              "InvalidNetworkInterfaceID.NotFound",
              "The networkInterface ID '%s' does not exist")
          .filter("network-interface-id", NetworkInterface::networkInterfaceId)
          .filter("vpc-id", NetworkInterface::vpcId)
          .filter("subnet-id", NetworkInterface::subnetId)
          .filter("availability-zone", NetworkInterface::availabilityZone)
          .filter("description", NetworkInterface::description)
          .filter("status", NetworkInterface::status)
          .filter("owner-id", NetworkInterface::ownerId)
          .filter("requester-id", NetworkInterface::requesterId)
          .filter("interface-type", NetworkInterface::interfaceType)
          .filter("private-ip-address", NetworkInterface::privateIpAddress)
          .filter("group-id", n -> each(n.groups(), g -> g.groupId()))
          .filter("group-name", n -> each(n.groups(), g -> g.groupName()))
          .filter("attachment.instance-id", n -> null)
          .filter("attachment.instance-owner-id", n -> null)
          .filter("attachment.attachment-id", n -> null);

  static <E> @Nullable Object each(@Nullable List<E> list, Function<E, @Nullable Object> of) {
    return list == null ? null : list.stream().map(of).toList();
  }

  private static <E, F> Object nested(
      @Nullable List<E> list, Function<E, @Nullable List<F>> of, Function<F, String> value) {
    return list == null
        ? List.of()
        : list.stream()
            .map(of)
            .flatMap(l -> l == null ? Stream.empty() : l.stream())
            .map(value)
            .toList();
  }
}
