package dev.freeway.ec2;

import dev.freeway.ec2.api.*;
import dev.freeway.platform.Call;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Tx;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.Structure.Empty;
import java.util.ArrayList;
import java.util.List;

/// Route tables and which subnets use them.
final class RouteTables {
  private final Inventory all;

  RouteTables(Inventory all) {
    this.all = all;
  }

  CreateRouteTableResult create(Call call, CreateRouteTableRequest in) {
    List<Tag> tags = TagSpecifications.of(in.tagSpecifications(), "route-table");
    RouteTable made =
        all.write(
            call,
            tx -> {
              Vpc vpc = all.require(tx, call, Types.VPC, in.vpcId());
              RouteTable t =
                  RouteTable.builder()
                      .routeTableId(IdSource.RANDOM.next("rtb-"))
                      .vpcId(vpc.vpcId())
                      .ownerId(call.account())
                      .routes(List.of(VpcParts.local(vpc.cidrBlock())))
                      .associations(List.of())
                      .propagatingVgws(List.of())
                      .tags(tags)
                      .build();
              all.save(tx, call, Types.ROUTES, t);
              return t;
            });
    return CreateRouteTableResult.builder().routeTable(made).clientToken(in.clientToken()).build();
  }

  DescribeRouteTablesResult describe(Call call, DescribeRouteTablesRequest in) {
    var page =
        all.describe(
            call, Types.ROUTES, in.routeTableIds(), in.filters(), in.nextToken(), in.maxResults());
    return DescribeRouteTablesResult.builder()
        .routeTables(page.items())
        .nextToken(page.nextToken())
        .build();
  }

  Empty delete(Call call, DeleteRouteTableRequest in) {
    all.update(
        call,
        tx -> {
          RouteTable t = all.require(tx, call, Types.ROUTES, in.routeTableId());
          if (!t.associations().isEmpty()) {
            throw AwsException.client(
                "DependencyViolation",
                "The routeTable '"
                    + t.routeTableId()
                    + "' has dependencies and cannot be deleted.");
          }
          all.delete(tx, call, Types.ROUTES, t.routeTableId());
        });
    return new Empty();
  }

  AssociateRouteTableResult associate(Call call, AssociateRouteTableRequest in) {
    if (in.subnetId() == null) {
      throw AwsException.client(
          "MissingParameter", "The request must contain the parameter subnetId");
    }
    String id =
        all.write(
            call,
            tx -> {
              RouteTable t = all.require(tx, call, Types.ROUTES, in.routeTableId());
              Subnet s = all.require(tx, call, Types.SUBNET, in.subnetId());
              if (!s.vpcId().equals(t.vpcId())) {
                throw AwsException.client(
                    "InvalidParameterValue",
                    "Route table "
                        + t.routeTableId()
                        + " and network "
                        + s.subnetId()
                        + " belong to different networks");
              }
              for (RouteTable o : all.all(tx, call, Types.ROUTES)) {
                for (RouteTableAssociation a : o.associations()) {
                  if (s.subnetId().equals(a.subnetId())) {
                    if (o.routeTableId().equals(t.routeTableId())) {
                      return a.routeTableAssociationId();
                    }
                    throw AwsException.client(
                        "Resource.AlreadyAssociated",
                        "the specified association for route table "
                            + t.routeTableId()
                            + " conflicts with an existing association");
                  }
                }
              }
              RouteTableAssociation fresh =
                  association(t.routeTableId(), false).toBuilder().subnetId(s.subnetId()).build();
              add(tx, call, t, fresh);
              return fresh.routeTableAssociationId();
            });
    return AssociateRouteTableResult.builder()
        .associationId(id)
        .associationState(associated())
        .build();
  }

  Empty disassociate(Call call, DisassociateRouteTableRequest in) {
    all.update(
        call,
        tx -> {
          RouteTable t = holder(tx, call, in.associationId());
          RouteTableAssociation a = association(t, in.associationId());
          if (Boolean.TRUE.equals(a.main())) {
            throw AwsException.client(
                "InvalidParameterValue",
                "cannot disassociate the main route table association " + in.associationId());
          }
          remove(tx, call, t, a);
        });
    return new Empty();
  }

  ReplaceRouteTableAssociationResult replace(Call call, ReplaceRouteTableAssociationRequest in) {
    String id =
        all.write(
            call,
            tx -> {
              RouteTable from = holder(tx, call, in.associationId());
              RouteTable to = all.require(tx, call, Types.ROUTES, in.routeTableId());
              RouteTableAssociation before = association(from, in.associationId());
              RouteTableAssociation fresh =
                  association(to.routeTableId(), Boolean.TRUE.equals(before.main())).toBuilder()
                      .subnetId(before.subnetId())
                      .build();
              remove(tx, call, from, before);
              add(tx, call, all.require(tx, call, Types.ROUTES, to.routeTableId()), fresh);
              return fresh.routeTableAssociationId();
            });
    return ReplaceRouteTableAssociationResult.builder()
        .newAssociationId(id)
        .associationState(associated())
        .build();
  }

  private void add(Tx tx, Call call, RouteTable t, RouteTableAssociation a) {
    List<RouteTableAssociation> more = new ArrayList<>(t.associations());
    more.add(a);
    all.save(tx, call, Types.ROUTES, t.toBuilder().associations(more).build());
  }

  private void remove(Tx tx, Call call, RouteTable t, RouteTableAssociation a) {
    List<RouteTableAssociation> rest = new ArrayList<>(t.associations());
    rest.remove(a);
    all.save(tx, call, Types.ROUTES, t.toBuilder().associations(rest).build());
  }

  private RouteTable holder(ReadTx tx, Call call, String associationId) {
    return all.all(tx, call, Types.ROUTES).stream()
        .filter(
            t ->
                t.associations().stream()
                    .anyMatch(a -> associationId.equals(a.routeTableAssociationId())))
        .findFirst()
        .orElseThrow(
            () ->
                AwsException.client(
                    "InvalidAssociationID.NotFound",
                    "The association ID '" + associationId + "' does not exist"));
  }

  private static RouteTableAssociation association(RouteTable t, String id) {
    return t.associations().stream()
        .filter(a -> id.equals(a.routeTableAssociationId()))
        .findFirst()
        .orElseThrow();
  }

  private static RouteTableAssociation association(String tableId, boolean main) {
    return RouteTableAssociation.builder()
        .main(main)
        .routeTableId(tableId)
        .routeTableAssociationId(IdSource.RANDOM.next("rtbassoc-"))
        .associationState(associated())
        .build();
  }

  private static RouteTableAssociationState associated() {
    return RouteTableAssociationState.builder().state("associated").build();
  }
}
