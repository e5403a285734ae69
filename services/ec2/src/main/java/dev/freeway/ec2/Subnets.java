package dev.freeway.ec2;

import dev.freeway.ec2.api.AvailabilityZone;
import dev.freeway.ec2.api.CreateSubnetRequest;
import dev.freeway.ec2.api.CreateSubnetResult;
import dev.freeway.ec2.api.DeleteSubnetRequest;
import dev.freeway.ec2.api.DescribeSubnetsRequest;
import dev.freeway.ec2.api.DescribeSubnetsResult;
import dev.freeway.ec2.api.ModifySubnetAttributeRequest;
import dev.freeway.ec2.api.PrivateDnsNameOptionsOnLaunch;
import dev.freeway.ec2.api.RouteTable;
import dev.freeway.ec2.api.Subnet;
import dev.freeway.ec2.api.Tag;
import dev.freeway.ec2.api.Vpc;
import dev.freeway.platform.Call;
import dev.freeway.store.Tx;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.Structure.Empty;
import java.util.List;
import java.util.stream.Collectors;

/// Subnets: a block of a VPC's addresses in one availability zone.
final class Subnets {
  // AWS keeps the first four addresses and the last.
  private static final int RESERVED = 5;

  private final Inventory all;

  Subnets(Inventory all) {
    this.all = all;
  }

  static Subnet fresh(
      Call call, String id, String vpcId, AvailabilityZone zone, Cidr cidr, List<Tag> tags) {
    return Subnet.builder()
        .subnetId(id)
        .subnetArn(call.arn("ec2", "subnet/" + id).toString())
        .vpcId(vpcId)
        .ownerId(call.account())
        .availabilityZone(zone.zoneName())
        .availabilityZoneId(zone.zoneId())
        .cidrBlock(cidr.toString())
        .availableIpAddressCount((int) cidr.size() - RESERVED)
        .state("available")
        .defaultForAz(false)
        .mapPublicIpOnLaunch(false)
        .mapCustomerOwnedIpOnLaunch(false)
        .assignIpv6AddressOnCreation(false)
        .ipv6CidrBlockAssociationSet(List.of())
        .enableDns64(false)
        .ipv6Native(false)
        .privateDnsNameOptionsOnLaunch(new PrivateDnsNameOptionsOnLaunch("ip-name", false, false))
        .tags(tags)
        .build();
  }

  DescribeSubnetsResult describe(Call call, DescribeSubnetsRequest in) {
    var page =
        all.describe(
            call, Types.SUBNET, in.subnetIds(), in.filters(), in.nextToken(), in.maxResults());
    return DescribeSubnetsResult.builder()
        .subnets(page.items())
        .nextToken(page.nextToken())
        .build();
  }

  CreateSubnetResult create(Call call, CreateSubnetRequest in) {
    if (in.ipv6CidrBlock() != null || Boolean.TRUE.equals(in.ipv6Native())) {
      throw Vpcs.noIpv6();
    }
    if (in.cidrBlock() == null) {
      throw AwsException.client(
          "MissingParameter", "Either 'cidrBlock' or 'ipv6CidrBlock' should be provided.");
    }
    Cidr cidr = Cidr.parse(in.cidrBlock(), "cidrBlock");
    List<Tag> tags = TagSpecifications.of(in.tagSpecifications(), "subnet");
    AvailabilityZone zone = zone(call, in);
    Subnet made =
        all.write(
            call,
            tx -> {
              Vpc vpc = all.require(tx, call, Types.VPC, in.vpcId());
              check(tx, call, vpc, cidr);
              Subnet fresh =
                  fresh(call, IdSource.RANDOM.next("subnet-"), vpc.vpcId(), zone, cidr, tags);
              all.save(tx, call, Types.SUBNET, fresh);
              VpcParts.joinDefaultAcl(
                  all, tx, call, IdSource.RANDOM, vpc.vpcId(), fresh.subnetId());
              return fresh;
            });
    return CreateSubnetResult.builder().subnet(made).build();
  }

  private void check(Tx tx, Call call, Vpc vpc, Cidr cidr) {
    boolean inside = Cidr.parse(vpc.cidrBlock(), "cidrBlock").contains(cidr);
    if (!inside || cidr.length() < 16 || cidr.length() > 28) {
      throw AwsException.client("InvalidSubnet.Range", "The CIDR '" + cidr + "' is invalid.");
    }
    boolean taken =
        all.all(tx, call, Types.SUBNET).stream()
            .filter(s -> s.vpcId().equals(vpc.vpcId()))
            .anyMatch(s -> Cidr.parse(s.cidrBlock(), "cidrBlock").overlaps(cidr));
    if (taken) {
      throw AwsException.client(
          "InvalidSubnet.Conflict", "The CIDR '" + cidr + "' conflicts with another subnet");
    }
  }

  private static AvailabilityZone zone(Call call, CreateSubnetRequest in) {
    List<AvailabilityZone> zones = Zones.of(call.region());
    if (in.availabilityZone() == null && in.availabilityZoneId() == null) {
      return zones.getFirst();
    }
    return zones.stream()
        .filter(
            z ->
                in.availabilityZone() == null
                    ? z.zoneId().equals(in.availabilityZoneId())
                    : z.zoneName().equals(in.availabilityZone()))
        .findFirst()
        .orElseThrow(
            () ->
                AwsException.client(
                    "InvalidParameterValue",
                    "Value ("
                        + (in.availabilityZone() == null
                            ? in.availabilityZoneId()
                            : in.availabilityZone())
                        + ") for parameter availabilityZone is invalid. Subnets can currently only be created in the following availability zones: "
                        + zones.stream()
                            .map(AvailabilityZone::zoneName)
                            .collect(Collectors.joining(", "))
                        + "."));
  }

  Empty delete(Call call, DeleteSubnetRequest in) {
    all.update(
        call,
        tx -> {
          all.require(tx, call, Types.SUBNET, in.subnetId());
          boolean used =
              all.all(tx, call, Gateways.NAT).stream()
                      .anyMatch(n -> in.subnetId().equals(n.subnetId()) && Gateways.isLive(n))
                  || all.all(tx, call, Types.INTERFACE).stream()
                      .anyMatch(n -> in.subnetId().equals(n.subnetId()));
          if (used) {
            throw AwsException.client(
                "DependencyViolation",
                "The subnet '" + in.subnetId() + "' has dependencies and cannot be deleted.");
          }
          for (RouteTable table : all.all(tx, call, Types.ROUTES)) {
            var rest =
                table.associations().stream()
                    .filter(a -> !in.subnetId().equals(a.subnetId()))
                    .toList();
            if (rest.size() < table.associations().size()) {
              all.save(tx, call, Types.ROUTES, table.toBuilder().associations(rest).build());
            }
          }
          VpcParts.leaveAcl(all, tx, call, in.subnetId());
          all.delete(tx, call, Types.SUBNET, in.subnetId());
        });
    return new Empty();
  }

  Empty modify(Call call, ModifySubnetAttributeRequest in) {
    if (in.assignIpv6AddressOnCreation() != null
        && Boolean.TRUE.equals(in.assignIpv6AddressOnCreation().value())) {
      throw Vpcs.noIpv6();
    }
    all.update(
        call,
        tx -> {
          Subnet s = all.require(tx, call, Types.SUBNET, in.subnetId());
          Subnet.Builder b = s.toBuilder();
          if (in.mapPublicIpOnLaunch() != null) {
            b.mapPublicIpOnLaunch(in.mapPublicIpOnLaunch().value());
          }
          if (in.enableDns64() != null) {
            b.enableDns64(in.enableDns64().value());
          }
          PrivateDnsNameOptionsOnLaunch.Builder dns = s.privateDnsNameOptionsOnLaunch().toBuilder();
          if (in.privateDnsHostnameTypeOnLaunch() != null) {
            dns.hostnameType(in.privateDnsHostnameTypeOnLaunch());
          }
          if (in.enableResourceNameDnsARecordOnLaunch() != null) {
            dns.enableResourceNameDnsARecord(in.enableResourceNameDnsARecordOnLaunch().value());
          }
          b.privateDnsNameOptionsOnLaunch(dns.build());
          all.save(tx, call, Types.SUBNET, b.build());
        });
    return new Empty();
  }
}
