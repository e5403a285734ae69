package dev.freeway.ec2;

import static dev.freeway.ec2.api.Ec2Api.*;

import dev.freeway.ec2.api.Ec2Api;
import dev.freeway.platform.Handler;
import dev.freeway.platform.Operations;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Service;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.Operation;
import dev.freeway.wire.Structure;
import dev.freeway.wire.model.Member;
import dev.freeway.wire.model.ServiceInfo;
import dev.freeway.wire.model.ServiceModel;
import dev.freeway.wire.protocol.Constraints;
import dev.freeway.wire.protocol.Constraints.Violation;
import java.util.List;
import java.util.Objects;

/// EC2's networks: contents page.
public final class Ec2 implements Service {
  private static final List<ResourceType<?>> TAGGABLE =
      List.of(
          Types.VPC,
          Types.SUBNET,
          Types.GROUP,
          Types.RULE,
          Types.ROUTES,
          Types.GATEWAY,
          Types.ACL,
          Types.DHCP,
          Types.INTERFACE,
          Gateways.NAT,
          Addresses.TYPE,
          Endpoints.TYPE);

  private final Vpcs vpcs;
  private final Subnets subnets;
  private final SecurityGroups groups;
  private final SecurityGroupRules rules;
  private final RouteTables tables;
  private final Routes routes;
  private final Gateways gateways;
  private final Addresses addresses;
  private final Endpoints endpoints;
  private final Tagging tags;
  private final Surroundings around;

  public Ec2(Platform platform) {
    Inventory all = new Inventory(platform.store());
    vpcs = new Vpcs(all);
    subnets = new Subnets(all);
    groups = new SecurityGroups(all);
    rules = new SecurityGroupRules(all, groups);
    tables = new RouteTables(all);
    routes = new Routes(all);
    gateways = new Gateways(all);
    addresses = new Addresses(all);
    endpoints = new Endpoints(all);
    tags = new Tagging(all, TAGGABLE);
    TAGGABLE.forEach(type -> platform.tagged().add(new TaggedInventory<>(platform, all, type)));
    around = new Surroundings(all);
  }

  @Override
  public ServiceInfo info() {
    return INFO;
  }

  @Override
  public ServiceModel model() {
    return Ec2Api.model();
  }

  @Override
  public AwsException invalid(List<Violation> violations) {
    Violation first = violations.getFirst();
    return first.kind() == Violation.Kind.REQUIRED
        ? AwsException.client(
            "MissingParameter", "The request must contain the parameter " + first.path())
        : AwsException.client("InvalidParameterValue", Constraints.message(violations));
  }

  @Override
  public void define(Operations to) {
    Dry on = new Dry(to);
    on.on(DESCRIBE_REGIONS, Zones::regions);
    on.on(DESCRIBE_AVAILABILITY_ZONES, Zones::describe);
    on.on(DESCRIBE_ACCOUNT_ATTRIBUTES, around::account);

    on.on(CREATE_VPC, vpcs::create);
    on.on(CREATE_DEFAULT_VPC, vpcs::createDefault);
    on.on(DESCRIBE_VPCS, vpcs::describe);
    on.on(DESCRIBE_VPC_ATTRIBUTE, vpcs::attribute);
    on.on(MODIFY_VPC_ATTRIBUTE, vpcs::modify);
    on.on(DELETE_VPC, vpcs::delete);

    on.on(CREATE_SUBNET, subnets::create);
    on.on(DESCRIBE_SUBNETS, subnets::describe);
    on.on(MODIFY_SUBNET_ATTRIBUTE, subnets::modify);
    on.on(DELETE_SUBNET, subnets::delete);

    on.on(CREATE_SECURITY_GROUP, groups::create);
    on.on(DESCRIBE_SECURITY_GROUPS, groups::describe);
    on.on(DELETE_SECURITY_GROUP, groups::delete);
    on.on(AUTHORIZE_SECURITY_GROUP_INGRESS, rules::allowIn);
    on.on(AUTHORIZE_SECURITY_GROUP_EGRESS, rules::allowOut);
    on.on(REVOKE_SECURITY_GROUP_INGRESS, rules::revokeIn);
    on.on(REVOKE_SECURITY_GROUP_EGRESS, rules::revokeOut);
    on.on(UPDATE_SECURITY_GROUP_RULE_DESCRIPTIONS_INGRESS, rules::describeIn);
    on.on(UPDATE_SECURITY_GROUP_RULE_DESCRIPTIONS_EGRESS, rules::describeOut);
    on.on(DESCRIBE_SECURITY_GROUP_RULES, rules::describe);
    on.on(MODIFY_SECURITY_GROUP_RULES, rules::modify);

    on.on(CREATE_ROUTE_TABLE, tables::create);
    on.on(DESCRIBE_ROUTE_TABLES, tables::describe);
    on.on(DELETE_ROUTE_TABLE, tables::delete);
    on.on(ASSOCIATE_ROUTE_TABLE, tables::associate);
    on.on(DISASSOCIATE_ROUTE_TABLE, tables::disassociate);
    on.on(REPLACE_ROUTE_TABLE_ASSOCIATION, tables::replace);
    on.on(CREATE_ROUTE, routes::create);
    on.on(REPLACE_ROUTE, routes::replace);
    on.on(DELETE_ROUTE, routes::delete);

    on.on(CREATE_INTERNET_GATEWAY, gateways::create);
    on.on(DESCRIBE_INTERNET_GATEWAYS, gateways::describe);
    on.on(ATTACH_INTERNET_GATEWAY, gateways::attach);
    on.on(DETACH_INTERNET_GATEWAY, gateways::detach);
    on.on(DELETE_INTERNET_GATEWAY, gateways::delete);
    on.on(CREATE_NAT_GATEWAY, gateways::createNat);
    on.on(DESCRIBE_NAT_GATEWAYS, gateways::describeNat);
    on.on(DELETE_NAT_GATEWAY, gateways::deleteNat);

    on.on(ALLOCATE_ADDRESS, addresses::allocate);
    on.on(DESCRIBE_ADDRESSES, addresses::describe);
    on.on(DESCRIBE_ADDRESSES_ATTRIBUTE, addresses::attributes);
    on.on(DISASSOCIATE_ADDRESS, addresses::disassociate);
    on.on(RELEASE_ADDRESS, addresses::release);

    on.on(CREATE_VPC_ENDPOINT, endpoints::create);
    on.on(DESCRIBE_VPC_ENDPOINTS, endpoints::describe);
    on.on(DELETE_VPC_ENDPOINTS, endpoints::delete);

    on.on(CREATE_TAGS, tags::create);
    on.on(DELETE_TAGS, tags::delete);
    on.on(DESCRIBE_TAGS, tags::describe);

    on.on(DESCRIBE_NETWORK_ACLS, around::acls);
    on.on(DESCRIBE_DHCP_OPTIONS, around::dhcp);
    on.on(DESCRIBE_NETWORK_INTERFACES, around::interfaces);
    on.on(DESCRIBE_INSTANCES, around::instances);
    on.on(DESCRIBE_VOLUMES, around::volumes);
    on.on(DESCRIBE_KEY_PAIRS, around::keyPairs);
    on.on(DESCRIBE_VPN_GATEWAYS, around::vpnGateways);
  }

  /// Every operation knows `DryRun`: it says that it could, and does nothing.
  private record Dry(Operations to) {
    <I extends Structure, O extends Structure> void on(
        Operation<I, O> operation, Handler<I, O> handler) {
      int index =
          Objects.requireNonNull(Ec2Api.model().operation(operation.name()))
              .input()
              .members()
              .stream()
              .filter(m -> m.name().equals("DryRun"))
              .mapToInt(Member::index)
              .findFirst()
              .orElse(-1);
      to.on(
          operation,
          (call, in) -> {
            if (index >= 0 && Boolean.TRUE.equals(in.member(index))) {
              throw AwsException.of(
                  "DryRunOperation", 412, "Request would have succeeded, but DryRun flag is set.");
            }
            return handler.handle(call, in);
          });
    }
  }
}
