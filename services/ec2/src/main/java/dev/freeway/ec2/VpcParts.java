package dev.freeway.ec2;

import dev.freeway.ec2.api.NetworkAcl;
import dev.freeway.ec2.api.NetworkAclAssociation;
import dev.freeway.ec2.api.NetworkAclEntry;
import dev.freeway.ec2.api.ReferencedSecurityGroup;
import dev.freeway.ec2.api.Route;
import dev.freeway.ec2.api.RouteTable;
import dev.freeway.ec2.api.RouteTableAssociation;
import dev.freeway.ec2.api.RouteTableAssociationState;
import dev.freeway.ec2.api.SecurityGroupRule;
import dev.freeway.ec2.api.Tag;
import dev.freeway.ec2.api.Vpc;
import dev.freeway.ec2.api.VpcCidrBlockAssociation;
import dev.freeway.ec2.api.VpcCidrBlockState;
import dev.freeway.platform.Call;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Tx;
import java.util.ArrayList;
import java.util.List;

/// What comes with every VPC: the main route table, the default network ACL and the default
/// security group.
final class VpcParts {
  private VpcParts() {}

  static Vpc create(
      Inventory all,
      Tx tx,
      Call call,
      IdSource ids,
      String cidr,
      String tenancy,
      boolean isDefault,
      List<Tag> tags) {
    Vpc vpc =
        Vpc.builder()
            .vpcId(ids.next("vpc-"))
            .ownerId(call.account())
            .cidrBlock(cidr)
            .instanceTenancy(tenancy)
            .isDefault(isDefault)
            .state("available")
            .dhcpOptionsId(DefaultVpc.dhcpId(call))
            .cidrBlockAssociationSet(
                List.of(
                    new VpcCidrBlockAssociation(
                        ids.next("vpc-cidr-assoc-"),
                        cidr,
                        VpcCidrBlockState.builder().state("associated").build())))
            .ipv6CidrBlockAssociationSet(List.of())
            .tags(tags)
            .build();
    all.save(tx, call, Types.VPC, vpc);
    all.save(tx, call, Types.ROUTES, mainRouteTable(call, ids, vpc));
    all.save(tx, call, Types.ACL, defaultAcl(call, ids, vpc));
    defaultGroup(all, tx, call, ids, vpc);
    return vpc;
  }

  private static RouteTable mainRouteTable(Call call, IdSource ids, Vpc vpc) {
    String id = ids.next("rtb-");
    return RouteTable.builder()
        .routeTableId(id)
        .vpcId(vpc.vpcId())
        .ownerId(call.account())
        .routes(List.of(local(vpc.cidrBlock())))
        .associations(
            List.of(
                RouteTableAssociation.builder()
                    .main(true)
                    .routeTableId(id)
                    .routeTableAssociationId(ids.next("rtbassoc-"))
                    .associationState(
                        RouteTableAssociationState.builder().state("associated").build())
                    .build()))
        .propagatingVgws(List.of())
        .tags(List.of())
        .build();
  }

  static Route local(String cidr) {
    return Route.builder()
        .destinationCidrBlock(cidr)
        .gatewayId("local")
        .origin("CreateRouteTable")
        .state("active")
        .build();
  }

  private static NetworkAcl defaultAcl(Call call, IdSource ids, Vpc vpc) {
    List<NetworkAclEntry> entries = new ArrayList<>();
    for (boolean egress : new boolean[] {true, false}) {
      entries.add(entry(egress, 100, "allow"));
      entries.add(entry(egress, 32767, "deny"));
    }
    return NetworkAcl.builder()
        .networkAclId(ids.next("acl-"))
        .vpcId(vpc.vpcId())
        .ownerId(call.account())
        .isDefault(true)
        .entries(entries)
        .associations(List.of())
        .tags(List.of())
        .build();
  }

  private static NetworkAclEntry entry(boolean egress, int number, String action) {
    return NetworkAclEntry.builder()
        .cidrBlock("0.0.0.0/0")
        .egress(egress)
        .protocol("-1")
        .ruleAction(action)
        .ruleNumber(number)
        .build();
  }

  private static void defaultGroup(Inventory all, Tx tx, Call call, IdSource ids, Vpc vpc) {
    String id = ids.next("sg-");
    all.save(
        tx,
        call,
        Types.GROUP,
        SecurityGroups.fresh(
            call, id, "default", "default VPC security group", vpc.vpcId(), List.of()));
    SecurityGroupRule within =
        SecurityGroups.rule(call, ids.next("sgr-"), id, false).toBuilder()
            .ipProtocol("-1")
            .fromPort(-1)
            .toPort(-1)
            .referencedGroupInfo(
                ReferencedSecurityGroup.builder().groupId(id).userId(call.account()).build())
            .build();
    all.save(tx, call, Types.RULE, within);
    all.save(tx, call, Types.RULE, SecurityGroups.allOut(call, ids.next("sgr-"), id));
  }

  static void defaultRoute(Inventory all, Tx tx, Call call, String vpcId, String gatewayId) {
    RouteTable main = mainTable(all, tx, call, vpcId);
    List<Route> routes = new ArrayList<>(main.routes());
    routes.add(
        Route.builder()
            .destinationCidrBlock("0.0.0.0/0")
            .gatewayId(gatewayId)
            .origin("CreateRoute")
            .state("active")
            .build());
    all.save(tx, call, Types.ROUTES, main.toBuilder().routes(routes).build());
  }

  static RouteTable mainTable(Inventory all, ReadTx tx, Call call, String vpcId) {
    return all.all(tx, call, Types.ROUTES).stream()
        .filter(r -> r.vpcId().equals(vpcId) && isMain(r))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(vpcId + " has no main route table"));
  }

  static boolean isMain(RouteTable table) {
    return table.associations().stream().anyMatch(a -> Boolean.TRUE.equals(a.main()));
  }

  static void joinDefaultAcl(
      Inventory all, Tx tx, Call call, IdSource ids, String vpcId, String subnetId) {
    NetworkAcl acl =
        all.all(tx, call, Types.ACL).stream()
            .filter(a -> a.vpcId().equals(vpcId) && Boolean.TRUE.equals(a.isDefault()))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException(vpcId + " has no default network ACL"));
    List<NetworkAclAssociation> associations = new ArrayList<>(acl.associations());
    associations.add(
        NetworkAclAssociation.builder()
            .networkAclAssociationId(ids.next("aclassoc-"))
            .networkAclId(acl.networkAclId())
            .subnetId(subnetId)
            .build());
    all.save(tx, call, Types.ACL, acl.toBuilder().associations(associations).build());
  }

  /// A subnet that goes leaves its network ACL.
  static void leaveAcl(Inventory all, Tx tx, Call call, String subnetId) {
    for (NetworkAcl acl : all.all(tx, call, Types.ACL)) {
      List<NetworkAclAssociation> rest =
          acl.associations().stream().filter(a -> !subnetId.equals(a.subnetId())).toList();
      if (rest.size() < acl.associations().size()) {
        all.save(tx, call, Types.ACL, acl.toBuilder().associations(rest).build());
      }
    }
  }
}
