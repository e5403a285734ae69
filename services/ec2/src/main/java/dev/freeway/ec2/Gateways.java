package dev.freeway.ec2;

import dev.freeway.ec2.api.AttachInternetGatewayRequest;
import dev.freeway.ec2.api.CreateInternetGatewayRequest;
import dev.freeway.ec2.api.CreateInternetGatewayResult;
import dev.freeway.ec2.api.CreateNatGatewayRequest;
import dev.freeway.ec2.api.CreateNatGatewayResult;
import dev.freeway.ec2.api.DeleteInternetGatewayRequest;
import dev.freeway.ec2.api.DeleteNatGatewayRequest;
import dev.freeway.ec2.api.DeleteNatGatewayResult;
import dev.freeway.ec2.api.DescribeInternetGatewaysRequest;
import dev.freeway.ec2.api.DescribeInternetGatewaysResult;
import dev.freeway.ec2.api.DescribeNatGatewaysRequest;
import dev.freeway.ec2.api.DescribeNatGatewaysResult;
import dev.freeway.ec2.api.DetachInternetGatewayRequest;
import dev.freeway.ec2.api.InternetGateway;
import dev.freeway.ec2.api.InternetGatewayAttachment;
import dev.freeway.ec2.api.NatGateway;
import dev.freeway.ec2.api.NatGatewayAddress;
import dev.freeway.ec2.api.Subnet;
import dev.freeway.ec2.api.Tag;
import dev.freeway.platform.Call;
import dev.freeway.store.ReadTx;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.Structure.Empty;
import java.util.List;

/// Internet gateways and NAT gateways. They are entries that route tables may name: Freeway's
/// workloads reach the network through the host.
final class Gateways {
  static final ResourceType<NatGateway> NAT =
      ResourceType.of(
              "natgateway",
              "nat-",
              NatGateway.class,
              NatGateway::natGatewayId,
              NatGateway::tags,
              (n, t) -> n.toBuilder().tags(t).build(),
              "NatGatewayNotFound",
              "NatGateway %s was not found")
          .filter("nat-gateway-id", NatGateway::natGatewayId)
          .filter("subnet-id", NatGateway::subnetId)
          .filter("vpc-id", NatGateway::vpcId)
          .filter("state", NatGateway::state);

  private final Inventory all;

  Gateways(Inventory all) {
    this.all = all;
  }

  static boolean isLive(NatGateway n) {
    return !"deleted".equals(n.state());
  }

  CreateInternetGatewayResult create(Call call, CreateInternetGatewayRequest in) {
    List<Tag> tags = TagSpecifications.of(in.tagSpecifications(), "internet-gateway");
    InternetGateway fresh =
        InternetGateway.builder()
            .internetGatewayId(IdSource.RANDOM.next("igw-"))
            .ownerId(call.account())
            .attachments(List.of())
            .tags(tags)
            .build();
    all.update(call, tx -> all.save(tx, call, Types.GATEWAY, fresh));
    return CreateInternetGatewayResult.builder().internetGateway(fresh).build();
  }

  DescribeInternetGatewaysResult describe(Call call, DescribeInternetGatewaysRequest in) {
    var page =
        all.describe(
            call,
            Types.GATEWAY,
            in.internetGatewayIds(),
            in.filters(),
            in.nextToken(),
            in.maxResults());
    return DescribeInternetGatewaysResult.builder()
        .internetGateways(page.items())
        .nextToken(page.nextToken())
        .build();
  }

  Empty attach(Call call, AttachInternetGatewayRequest in) {
    all.update(
        call,
        tx -> {
          InternetGateway g = all.require(tx, call, Types.GATEWAY, in.internetGatewayId());
          all.require(tx, call, Types.VPC, in.vpcId());
          if (!g.attachments().isEmpty()) {
            throw AwsException.client(
                "Resource.AlreadyAssociated",
                "resource "
                    + g.internetGatewayId()
                    + " is already attached to network "
                    + g.attachments().getFirst().vpcId());
          }
          boolean taken =
              all.all(tx, call, Types.GATEWAY).stream().anyMatch(o -> isAttached(o, in.vpcId()));
          if (taken) {
            throw AwsException.client(
                "InvalidParameterValue",
                "Network " + in.vpcId() + " already has an internet gateway attached");
          }
          all.save(
              tx,
              call,
              Types.GATEWAY,
              g.toBuilder()
                  .attachments(List.of(new InternetGatewayAttachment("available", in.vpcId())))
                  .build());
        });
    return new Empty();
  }

  Empty detach(Call call, DetachInternetGatewayRequest in) {
    all.update(
        call,
        tx -> {
          InternetGateway g = all.require(tx, call, Types.GATEWAY, in.internetGatewayId());
          if (!isAttached(g, in.vpcId())) {
            throw AwsException.client(
                "Gateway.NotAttached",
                "resource " + g.internetGatewayId() + " is not attached to network " + in.vpcId());
          }
          boolean mapped =
              all.all(tx, call, Addresses.TYPE).stream()
                  .anyMatch(a -> a.associationId() != null && natIn(tx, call, in.vpcId()));
          if (mapped) {
            throw AwsException.client(
                "DependencyViolation",
                "Network "
                    + in.vpcId()
                    + " has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.");
          }
          all.save(tx, call, Types.GATEWAY, g.toBuilder().attachments(List.of()).build());
        });
    return new Empty();
  }

  private boolean natIn(ReadTx tx, Call call, String vpcId) {
    return all.all(tx, call, NAT).stream().anyMatch(n -> isLive(n) && vpcId.equals(n.vpcId()));
  }

  Empty delete(Call call, DeleteInternetGatewayRequest in) {
    all.update(
        call,
        tx -> {
          InternetGateway g = all.require(tx, call, Types.GATEWAY, in.internetGatewayId());
          if (!g.attachments().isEmpty()) {
            throw AwsException.client(
                "DependencyViolation",
                "The internetGateway '"
                    + g.internetGatewayId()
                    + "' has dependencies and cannot be deleted.");
          }
          all.delete(tx, call, Types.GATEWAY, g.internetGatewayId());
        });
    return new Empty();
  }

  private static boolean isAttached(InternetGateway g, String vpcId) {
    return g.attachments().stream().anyMatch(a -> vpcId.equals(a.vpcId()));
  }

  CreateNatGatewayResult createNat(Call call, CreateNatGatewayRequest in) {
    if (in.subnetId() == null) {
      throw AwsException.client(
          "MissingParameter", "The request must contain the parameter SubnetId");
    }
    boolean isPublic = !"private".equals(in.connectivityType());
    if (isPublic && in.allocationId() == null) {
      throw AwsException.client(
          "MissingParameter", "The request must contain the parameter AllocationId");
    }
    List<Tag> tags = TagSpecifications.of(in.tagSpecifications(), "natgateway");
    NatGateway made =
        all.write(
            call,
            tx -> {
              Subnet subnet = all.require(tx, call, Types.SUBNET, in.subnetId());
              String id = IdSource.RANDOM.next("nat-");
              NatGatewayAddress.Builder address =
                  NatGatewayAddress.builder()
                      .isPrimary(true)
                      .status("succeeded")
                      .privateIp(
                          in.privateIpAddress() == null
                              ? Cidr.address(
                                  Cidr.parse(subnet.cidrBlock(), "cidrBlock").first() + 4)
                              : in.privateIpAddress());
              if (isPublic) {
                var mapped = Addresses.associate(all, tx, call, in.allocationId());
                address
                    .allocationId(mapped.allocationId())
                    .publicIp(mapped.publicIp())
                    .associationId(mapped.associationId());
              }
              NatGateway n =
                  NatGateway.builder()
                      .natGatewayId(id)
                      .subnetId(subnet.subnetId())
                      .vpcId(subnet.vpcId())
                      .state("available")
                      .createTime(call.at())
                      .connectivityType(isPublic ? "public" : "private")
                      .natGatewayAddresses(List.of(address.build()))
                      .tags(tags)
                      .build();
              all.save(tx, call, NAT, n);
              return n;
            });
    return CreateNatGatewayResult.builder()
        .clientToken(in.clientToken())
        .natGateway(made.toBuilder().state("pending").build())
        .build();
  }

  DescribeNatGatewaysResult describeNat(Call call, DescribeNatGatewaysRequest in) {
    var page =
        all.describe(call, NAT, in.natGatewayIds(), in.filter(), in.nextToken(), in.maxResults());
    return DescribeNatGatewaysResult.builder()
        .natGateways(page.items())
        .nextToken(page.nextToken())
        .build();
  }

  /// Stays visible as deleted, as on AWS (there for an hour).
  DeleteNatGatewayResult deleteNat(Call call, DeleteNatGatewayRequest in) {
    all.update(
        call,
        tx -> {
          NatGateway n = all.require(tx, call, NAT, in.natGatewayId());
          n.natGatewayAddresses().forEach(a -> Addresses.free(all, tx, call, a.associationId()));
          all.save(tx, call, NAT, n.toBuilder().state("deleted").deleteTime(call.at()).build());
        });
    return DeleteNatGatewayResult.builder().natGatewayId(in.natGatewayId()).build();
  }
}
