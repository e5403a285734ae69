package dev.freeway.ec2;

import dev.freeway.ec2.api.AttributeBooleanValue;
import dev.freeway.ec2.api.CreateDefaultVpcRequest;
import dev.freeway.ec2.api.CreateDefaultVpcResult;
import dev.freeway.ec2.api.CreateVpcRequest;
import dev.freeway.ec2.api.CreateVpcResult;
import dev.freeway.ec2.api.DeleteVpcRequest;
import dev.freeway.ec2.api.DescribeVpcAttributeRequest;
import dev.freeway.ec2.api.DescribeVpcAttributeResult;
import dev.freeway.ec2.api.DescribeVpcsRequest;
import dev.freeway.ec2.api.DescribeVpcsResult;
import dev.freeway.ec2.api.ModifyVpcAttributeRequest;
import dev.freeway.ec2.api.Tag;
import dev.freeway.ec2.api.Vpc;
import dev.freeway.platform.Call;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.Structure.Empty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// VPCs: made, described, changed, deleted.
final class Vpcs {
  /// What DescribeVpcAttribute tells.
  record Attributes(boolean dnsSupport, boolean dnsHostnames, boolean usageMetrics) {}

  private static final Table<Attributes> ATTRIBUTES =
      new Table<>("ec2_vpc_attributes", Attributes.class);

  private final Inventory all;

  Vpcs(Inventory all) {
    this.all = all;
  }

  static AwsException noIpv6() {
    return AwsException.client(
        "UnsupportedOperation", "Freeway's VPCs have IPv4 addresses only so far.");
  }

  DescribeVpcsResult describe(Call call, DescribeVpcsRequest in) {
    var page =
        all.describe(call, Types.VPC, in.vpcIds(), in.filters(), in.nextToken(), in.maxResults());
    return DescribeVpcsResult.builder().vpcs(page.items()).nextToken(page.nextToken()).build();
  }

  CreateVpcResult create(Call call, CreateVpcRequest in) {
    if (Boolean.TRUE.equals(in.amazonProvidedIpv6CidrBlock()) || in.ipv6CidrBlock() != null) {
      throw noIpv6();
    }
    if (in.cidrBlock() == null) {
      throw AwsException.client(
          "MissingParameter", "Either 'cidrBlock' or 'ipv4IpamPoolId' should be provided.");
    }
    Cidr cidr = Cidr.parse(in.cidrBlock(), "cidrBlock");
    if (cidr.length() < 16 || cidr.length() > 28) {
      throw AwsException.client("InvalidVpc.Range", "The CIDR '" + cidr + "' is invalid.");
    }
    List<Tag> tags = TagSpecifications.of(in.tagSpecifications(), "vpc");
    String tenancy = in.instanceTenancy() == null ? "default" : in.instanceTenancy();
    Vpc vpc =
        all.write(
            call,
            tx ->
                VpcParts.create(
                    all, tx, call, IdSource.RANDOM, cidr.toString(), tenancy, false, tags));
    // Ready at once, but the answer to the creation says otherwise on AWS, and clients wait.
    return CreateVpcResult.builder().vpc(vpc.toBuilder().state("pending").build()).build();
  }

  CreateDefaultVpcResult createDefault(Call call, CreateDefaultVpcRequest in) {
    Vpc vpc =
        all.write(
            call,
            tx -> {
              boolean have =
                  all.all(tx, call, Types.VPC).stream()
                      .anyMatch(v -> Boolean.TRUE.equals(v.isDefault()));
              if (have) {
                throw AwsException.client(
                    "DefaultVpcAlreadyExists",
                    "A Default VPC already exists for this account in this region.");
              }
              return DefaultVpc.create(all, tx, call, IdSource.RANDOM);
            });
    return CreateDefaultVpcResult.builder().vpc(vpc).build();
  }

  Empty delete(Call call, DeleteVpcRequest in) {
    all.update(
        call,
        tx -> {
          String id = all.require(tx, call, Types.VPC, in.vpcId()).vpcId();
          if (inUse(tx, call, id)) {
            throw AwsException.client(
                "DependencyViolation",
                "The vpc '" + id + "' has dependencies and cannot be deleted.");
          }
          deleteParts(tx, call, id);
          tx.delete(ATTRIBUTES, call.key(id));
          all.delete(tx, call, Types.VPC, id);
        });
    return new Empty();
  }

  private boolean inUse(ReadTx tx, Call call, String id) {
    return all.all(tx, call, Types.SUBNET).stream().anyMatch(s -> id.equals(s.vpcId()))
        || all.all(tx, call, Types.GATEWAY).stream()
            .anyMatch(g -> g.attachments().stream().anyMatch(a -> id.equals(a.vpcId())))
        || all.all(tx, call, Types.GROUP).stream()
            .anyMatch(g -> id.equals(g.vpcId()) && !g.groupName().equals("default"))
        || all.all(tx, call, Types.ROUTES).stream()
            .anyMatch(r -> id.equals(r.vpcId()) && !VpcParts.isMain(r))
        || all.all(tx, call, Endpoints.TYPE).stream().anyMatch(e -> id.equals(e.vpcId()));
  }

  private void deleteParts(Tx tx, Call call, String id) {
    all.all(tx, call, Types.ROUTES).stream()
        .filter(r -> id.equals(r.vpcId()))
        .forEach(r -> all.delete(tx, call, Types.ROUTES, r.routeTableId()));
    all.all(tx, call, Types.ACL).stream()
        .filter(a -> id.equals(a.vpcId()))
        .forEach(a -> all.delete(tx, call, Types.ACL, a.networkAclId()));
    all.all(tx, call, Types.GROUP).stream()
        .filter(g -> id.equals(g.vpcId()))
        .forEach(
            g -> {
              all.all(tx, call, Types.RULE).stream()
                  .filter(r -> r.groupId().equals(g.groupId()))
                  .forEach(r -> all.delete(tx, call, Types.RULE, r.securityGroupRuleId()));
              all.delete(tx, call, Types.GROUP, g.groupId());
            });
  }

  DescribeVpcAttributeResult attribute(Call call, DescribeVpcAttributeRequest in) {
    Attributes a =
        all.read(call, tx -> attributes(tx, call, all.require(tx, call, Types.VPC, in.vpcId())));
    DescribeVpcAttributeResult.Builder b = DescribeVpcAttributeResult.builder().vpcId(in.vpcId());
    switch (in.attribute()) {
      case "enableDnsSupport" -> b.enableDnsSupport(value(a.dnsSupport));
      case "enableDnsHostnames" -> b.enableDnsHostnames(value(a.dnsHostnames));
      case "enableNetworkAddressUsageMetrics" ->
          b.enableNetworkAddressUsageMetrics(value(a.usageMetrics));
      default ->
          throw AwsException.client(
              "InvalidParameterValue",
              "Value ("
                  + in.attribute()
                  + ") for parameter attribute is invalid. Unknown attribute.");
    }
    return b.build();
  }

  Empty modify(Call call, ModifyVpcAttributeRequest in) {
    all.update(
        call,
        tx -> {
          Vpc vpc = all.require(tx, call, Types.VPC, in.vpcId());
          Attributes a = attributes(tx, call, vpc);
          tx.put(
              ATTRIBUTES,
              call.key(vpc.vpcId()),
              new Attributes(
                  or(in.enableDnsSupport(), a.dnsSupport),
                  or(in.enableDnsHostnames(), a.dnsHostnames),
                  or(in.enableNetworkAddressUsageMetrics(), a.usageMetrics)));
        });
    return new Empty();
  }

  private static Attributes attributes(ReadTx tx, Call call, Vpc vpc) {
    return tx.get(ATTRIBUTES, call.key(vpc.vpcId()))
        .orElse(new Attributes(true, Boolean.TRUE.equals(vpc.isDefault()), false));
  }

  private static boolean or(@Nullable AttributeBooleanValue given, boolean otherwise) {
    return given == null || given.value() == null ? otherwise : given.value();
  }

  private static AttributeBooleanValue value(boolean b) {
    return AttributeBooleanValue.builder().value(b).build();
  }
}
