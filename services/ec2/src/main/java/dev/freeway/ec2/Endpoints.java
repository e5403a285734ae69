package dev.freeway.ec2;

import dev.freeway.ec2.api.CreateVpcEndpointRequest;
import dev.freeway.ec2.api.CreateVpcEndpointResult;
import dev.freeway.ec2.api.DeleteVpcEndpointsRequest;
import dev.freeway.ec2.api.DeleteVpcEndpointsResult;
import dev.freeway.ec2.api.DescribeVpcEndpointsRequest;
import dev.freeway.ec2.api.DescribeVpcEndpointsResult;
import dev.freeway.ec2.api.DnsEntry;
import dev.freeway.ec2.api.DnsOptions;
import dev.freeway.ec2.api.SecurityGroupIdentifier;
import dev.freeway.ec2.api.UnsuccessfulItem;
import dev.freeway.ec2.api.UnsuccessfulItemError;
import dev.freeway.ec2.api.VpcEndpoint;
import dev.freeway.platform.Call;
import dev.freeway.wire.AwsException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// VPC endpoints, as entries: every service of Freeway is reached by its one endpoint anyway.
final class Endpoints {
  private static final String OPEN =
      "{\"Version\":\"2008-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"*\",\"Resource\":\"*\"}]}";

  static final ResourceType<VpcEndpoint> TYPE =
      ResourceType.of(
              "vpc-endpoint",
              "vpce-",
              VpcEndpoint.class,
              VpcEndpoint::vpcEndpointId,
              VpcEndpoint::tags,
              (e, t) -> e.toBuilder().tags(t).build(),
              "InvalidVpcEndpointId.NotFound",
              "The Vpc Endpoint Id '%s' does not exist")
          .filter("vpc-endpoint-id", VpcEndpoint::vpcEndpointId)
          .filter("vpc-id", VpcEndpoint::vpcId)
          .filter("service-name", VpcEndpoint::serviceName)
          .filter("vpc-endpoint-state", VpcEndpoint::state)
          .filter("vpc-endpoint-type", VpcEndpoint::vpcEndpointType);

  private final Inventory all;

  Endpoints(Inventory all) {
    this.all = all;
  }

  CreateVpcEndpointResult create(Call call, CreateVpcEndpointRequest in) {
    var tags = TagSpecifications.of(in.tagSpecifications(), "vpc-endpoint");
    String service = in.serviceName();
    if (service == null || !service.startsWith("com.amazonaws." + call.region() + ".")) {
      throw AwsException.client(
          "InvalidServiceName", "The Vpc Endpoint Service '" + service + "' does not exist");
    }
    String type = in.vpcEndpointType() == null ? "Gateway" : in.vpcEndpointType();
    VpcEndpoint made =
        all.write(
            call,
            tx -> {
              all.require(tx, call, Types.VPC, in.vpcId());
              list(in.routeTableIds()).forEach(r -> all.require(tx, call, Types.ROUTES, r));
              list(in.subnetIds()).forEach(s -> all.require(tx, call, Types.SUBNET, s));
              var groups =
                  list(in.securityGroupIds()).stream()
                      .map(g -> all.require(tx, call, Types.GROUP, g))
                      .map(g -> new SecurityGroupIdentifier(g.groupId(), g.groupName()))
                      .toList();
              VpcEndpoint e =
                  VpcEndpoint.builder()
                      .vpcEndpointId(IdSource.RANDOM.next("vpce-"))
                      .vpcEndpointType(type)
                      .vpcId(in.vpcId())
                      .serviceName(service)
                      .serviceRegion(call.region())
                      .state("available")
                      .policyDocument(in.policyDocument() == null ? OPEN : in.policyDocument())
                      .routeTableIds(list(in.routeTableIds()))
                      .subnetIds(list(in.subnetIds()))
                      .groups(groups)
                      .ipAddressType(in.ipAddressType() == null ? "ipv4" : in.ipAddressType())
                      .dnsOptions(
                          DnsOptions.builder()
                              .dnsRecordIpType(type.equals("Gateway") ? "service-defined" : "ipv4")
                              .build())
                      .privateDnsEnabled(
                          in.privateDnsEnabled() == null
                              ? type.equals("Interface")
                              : in.privateDnsEnabled())
                      .requesterManaged(false)
                      .networkInterfaceIds(List.of())
                      .dnsEntries(List.<DnsEntry>of())
                      .creationTimestamp(call.at())
                      .ownerId(call.account())
                      .tags(tags)
                      .build();
              all.save(tx, call, TYPE, e);
              return e;
            });
    return CreateVpcEndpointResult.builder()
        .vpcEndpoint(made)
        .clientToken(in.clientToken())
        .build();
  }

  DescribeVpcEndpointsResult describe(Call call, DescribeVpcEndpointsRequest in) {
    var page =
        all.describe(
            call, TYPE, in.vpcEndpointIds(), in.filters(), in.nextToken(), in.maxResults());
    return DescribeVpcEndpointsResult.builder()
        .vpcEndpoints(page.items())
        .nextToken(page.nextToken())
        .build();
  }

  DeleteVpcEndpointsResult delete(Call call, DeleteVpcEndpointsRequest in) {
    List<UnsuccessfulItem> failed = new ArrayList<>();
    all.update(
        call,
        tx -> {
          for (String id : in.vpcEndpointIds()) {
            if (all.find(tx, call, TYPE, id).isEmpty()) {
              AwsException e = TYPE.notFound(id);
              failed.add(
                  new UnsuccessfulItem(new UnsuccessfulItemError(e.code(), e.message()), id));
            }
            all.delete(tx, call, TYPE, id);
          }
        });
    return DeleteVpcEndpointsResult.builder().unsuccessful(failed).build();
  }

  private static List<String> list(@Nullable List<String> given) {
    return given == null ? List.of() : given;
  }
}
