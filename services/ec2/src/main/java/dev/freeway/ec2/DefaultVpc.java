package dev.freeway.ec2;

import dev.freeway.ec2.api.AttributeValue;
import dev.freeway.ec2.api.AvailabilityZone;
import dev.freeway.ec2.api.DhcpConfiguration;
import dev.freeway.ec2.api.DhcpOptions;
import dev.freeway.ec2.api.InternetGateway;
import dev.freeway.ec2.api.InternetGatewayAttachment;
import dev.freeway.ec2.api.Vpc;
import dev.freeway.platform.Call;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import java.util.List;

/// What an account finds in a region: a VPC with a subnet per zone that reaches the internet. The
/// ids follow from account and region, so that they are the same after everything was forgotten.
final class DefaultVpc {
  static final String CIDR = "172.31.0.0/16";

  /// That a region was set up; its owner may have deleted the default VPC since.
  record Ready(boolean done) {}

  private static final Table<Ready> READY = new Table<>("ec2_regions", Ready.class);

  private DefaultVpc() {}

  static boolean exists(ReadTx tx, Call call) {
    return tx.contains(READY, call.key("ready"));
  }

  static void ensure(Inventory all, Tx tx, Call call) {
    if (tx.insertIfAbsent(READY, call.key("ready"), new Ready(true))) {
      dhcp(all, tx, call);
      create(all, tx, call, new StableIds(call));
    }
  }

  static String dhcpId(Call call) {
    return new StableIds(call).next("dopt-");
  }

  private static void dhcp(Inventory all, Tx tx, Call call) {
    String domain =
        call.region().equals("us-east-1") ? "ec2.internal" : call.region() + ".compute.internal";
    all.save(
        tx,
        call,
        Types.DHCP,
        DhcpOptions.builder()
            .dhcpOptionsId(dhcpId(call))
            .ownerId(call.account())
            .tags(List.of())
            .dhcpConfigurations(
                List.of(
                    configuration("domain-name", domain),
                    configuration("domain-name-servers", "AmazonProvidedDNS")))
            .build());
  }

  private static DhcpConfiguration configuration(String key, String value) {
    return new DhcpConfiguration(key, List.of(AttributeValue.builder().value(value).build()));
  }

  static Vpc create(Inventory all, Tx tx, Call call, IdSource ids) {
    Vpc vpc = VpcParts.create(all, tx, call, ids, CIDR, "default", true, List.of());
    List<AvailabilityZone> zones = Zones.of(call.region());
    Cidr first = Cidr.parse("172.31.0.0/20", "cidrBlock");
    for (int i = 0; i < zones.size(); i++) {
      var subnet =
          Subnets.fresh(
              call, ids.next("subnet-"), vpc.vpcId(), zones.get(i), first.plus(i), List.of());
      all.save(
          tx,
          call,
          Types.SUBNET,
          subnet.toBuilder().defaultForAz(true).mapPublicIpOnLaunch(true).build());
      VpcParts.joinDefaultAcl(all, tx, call, ids, vpc.vpcId(), subnet.subnetId());
    }
    InternetGateway gateway =
        InternetGateway.builder()
            .internetGatewayId(ids.next("igw-"))
            .ownerId(call.account())
            .attachments(List.of(new InternetGatewayAttachment("available", vpc.vpcId())))
            .tags(List.of())
            .build();
    all.save(tx, call, Types.GATEWAY, gateway);
    VpcParts.defaultRoute(all, tx, call, vpc.vpcId(), gateway.internetGatewayId());
    return vpc;
  }
}
