package dev.freeway.ec2;

import dev.freeway.ec2.api.CreateRouteRequest;
import dev.freeway.ec2.api.CreateRouteResult;
import dev.freeway.ec2.api.DeleteRouteRequest;
import dev.freeway.ec2.api.ReplaceRouteRequest;
import dev.freeway.ec2.api.Route;
import dev.freeway.ec2.api.RouteTable;
import dev.freeway.platform.Call;
import dev.freeway.store.ReadTx;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.Structure.Empty;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Single routes.
final class Routes {
  private final Inventory all;

  Routes(Inventory all) {
    this.all = all;
  }

  CreateRouteResult create(Call call, CreateRouteRequest in) {
    Route fresh =
        Route.builder()
            .destinationCidrBlock(cidr(in.destinationCidrBlock()))
            .destinationIpv6CidrBlock(in.destinationIpv6CidrBlock())
            .destinationPrefixListId(in.destinationPrefixListId())
            .gatewayId(in.gatewayId() == null ? in.vpcEndpointId() : in.gatewayId())
            .natGatewayId(in.natGatewayId())
            .origin("CreateRoute")
            .state("active")
            .build();
    all.update(
        call,
        tx -> {
          RouteTable t = all.require(tx, call, Types.ROUTES, in.routeTableId());
          checkTarget(tx, call, fresh);
          for (Route r : t.routes()) {
            if (destination(r).equals(destination(fresh))) {
              if (sameTarget(r, fresh)) {
                return;
              }
              throw AwsException.client(
                  "RouteAlreadyExists",
                  "The route identified by " + destination(fresh) + " already exists.");
            }
          }
          List<Route> more = new ArrayList<>(t.routes());
          more.add(fresh);
          all.save(tx, call, Types.ROUTES, t.toBuilder().routes(more).build());
        });
    return CreateRouteResult.builder().return_(true).build();
  }

  Empty replace(Call call, ReplaceRouteRequest in) {
    Route fresh =
        Route.builder()
            .destinationCidrBlock(cidr(in.destinationCidrBlock()))
            .destinationIpv6CidrBlock(in.destinationIpv6CidrBlock())
            .destinationPrefixListId(in.destinationPrefixListId())
            .gatewayId(
                Boolean.TRUE.equals(in.localTarget())
                    ? "local"
                    : in.gatewayId() == null ? in.vpcEndpointId() : in.gatewayId())
            .natGatewayId(in.natGatewayId())
            .origin("CreateRoute")
            .state("active")
            .build();
    all.update(
        call,
        tx -> {
          RouteTable t = all.require(tx, call, Types.ROUTES, in.routeTableId());
          checkTarget(tx, call, fresh);
          List<Route> rest = without(t, destination(fresh));
          rest.add(fresh);
          all.save(tx, call, Types.ROUTES, t.toBuilder().routes(rest).build());
        });
    return new Empty();
  }

  Empty delete(Call call, DeleteRouteRequest in) {
    String wanted =
        destination(
            Route.builder()
                .destinationCidrBlock(cidr(in.destinationCidrBlock()))
                .destinationIpv6CidrBlock(in.destinationIpv6CidrBlock())
                .destinationPrefixListId(in.destinationPrefixListId())
                .build());
    all.update(
        call,
        tx -> {
          RouteTable t = all.require(tx, call, Types.ROUTES, in.routeTableId());
          boolean local =
              t.routes().stream()
                  .anyMatch(r -> destination(r).equals(wanted) && "local".equals(r.gatewayId()));
          if (local) {
            throw AwsException.client(
                "InvalidParameterValue",
                "cannot remove local route " + wanted + " in route table " + t.routeTableId());
          }
          all.save(tx, call, Types.ROUTES, t.toBuilder().routes(without(t, wanted)).build());
        });
    return new Empty();
  }

  private static List<Route> without(RouteTable t, String destination) {
    List<Route> rest = new ArrayList<>(t.routes());
    if (!rest.removeIf(r -> destination(r).equals(destination))) {
      throw AwsException.client(
          "InvalidRoute.NotFound",
          "no route with destination-cidr-block "
              + destination
              + " in route table "
              + t.routeTableId());
    }
    return rest;
  }

  private void checkTarget(ReadTx tx, Call call, Route r) {
    if (r.natGatewayId() != null) {
      all.require(tx, call, Gateways.NAT, r.natGatewayId());
    } else if (r.gatewayId() == null) {
      throw AwsException.client(
          "InvalidParameterCombination",
          "The request must contain exactly one of gatewayId, natGatewayId, vpcEndpointId: Freeway has no other targets of routes yet");
    } else if (r.gatewayId().startsWith("igw-")) {
      all.require(tx, call, Types.GATEWAY, r.gatewayId());
    } else if (r.gatewayId().startsWith("vpce-")) {
      all.require(tx, call, Endpoints.TYPE, r.gatewayId());
    } else if (!r.gatewayId().equals("local")) {
      throw AwsException.client(
          "InvalidGatewayID.NotFound", "The gateway ID '" + r.gatewayId() + "' does not exist");
    }
  }

  private static @Nullable String cidr(@Nullable String given) {
    return given == null ? null : Cidr.parse(given, "destinationCidrBlock").toString();
  }

  private static boolean sameTarget(Route a, Route b) {
    return Objects.equals(a.gatewayId(), b.gatewayId())
        && Objects.equals(a.natGatewayId(), b.natGatewayId());
  }

  private static String destination(Route r) {
    if (r.destinationCidrBlock() != null) {
      return r.destinationCidrBlock();
    }
    String other =
        r.destinationIpv6CidrBlock() == null
            ? r.destinationPrefixListId()
            : r.destinationIpv6CidrBlock();
    if (other == null) {
      throw AwsException.client(
          "MissingParameter", "The request must contain the parameter destinationCidrBlock");
    }
    return other;
  }
}
