package dev.freeway.ec2;

import dev.freeway.ec2.api.Address;
import dev.freeway.ec2.api.AddressAttribute;
import dev.freeway.ec2.api.AllocateAddressRequest;
import dev.freeway.ec2.api.AllocateAddressResult;
import dev.freeway.ec2.api.DescribeAddressesAttributeRequest;
import dev.freeway.ec2.api.DescribeAddressesAttributeResult;
import dev.freeway.ec2.api.DescribeAddressesRequest;
import dev.freeway.ec2.api.DescribeAddressesResult;
import dev.freeway.ec2.api.DisassociateAddressRequest;
import dev.freeway.ec2.api.ReleaseAddressRequest;
import dev.freeway.ec2.api.Tag;
import dev.freeway.platform.Call;
import dev.freeway.store.Tx;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.Structure.Empty;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Elastic IP addresses, out of a block that the internet keeps for documentation (203.0.113.0/24,
/// 198.51.100.0/24): no traffic comes in by them.
final class Addresses {
  static final ResourceType<Address> TYPE =
      ResourceType.of(
              "elastic-ip",
              "eipalloc-",
              Address.class,
              Address::allocationId,
              Address::tags,
              (a, t) -> a.toBuilder().tags(t).build(),
              "InvalidAllocationID.NotFound",
              "The allocation ID '%s' does not exist")
          .filter("allocation-id", Address::allocationId)
          .filter("association-id", Address::associationId)
          .filter("domain", Address::domain)
          .filter("public-ip", Address::publicIp)
          .filter("private-ip-address", Address::privateIpAddress)
          .filter("network-interface-id", Address::networkInterfaceId)
          .filter("network-interface-owner-id", Address::networkInterfaceOwnerId)
          .filter("network-border-group", Address::networkBorderGroup)
          .filter("instance-id", Address::instanceId);

  private final Inventory all;

  Addresses(Inventory all) {
    this.all = all;
  }

  AllocateAddressResult allocate(Call call, AllocateAddressRequest in) {
    List<Tag> tags = TagSpecifications.of(in.tagSpecifications(), "elastic-ip");
    Address made =
        all.write(
            call,
            tx -> {
              Set<String> taken = new HashSet<>();
              all.all(tx, call, TYPE).forEach(a -> taken.add(a.publicIp()));
              Address a =
                  Address.builder()
                      .allocationId(IdSource.RANDOM.next("eipalloc-"))
                      .publicIp(free(taken))
                      .domain("vpc")
                      .publicIpv4Pool("amazon")
                      .networkBorderGroup(call.region())
                      .instanceId("")
                      .tags(tags)
                      .build();
              all.save(tx, call, TYPE, a);
              return a;
            });
    return AllocateAddressResult.builder()
        .allocationId(made.allocationId())
        .publicIp(made.publicIp())
        .domain("vpc")
        .publicIpv4Pool("amazon")
        .networkBorderGroup(call.region())
        .build();
  }

  private static String free(Set<String> taken) {
    for (String block : List.of("203.0.113.", "198.51.100.")) {
      for (int i = 1; i < 255; i++) {
        if (!taken.contains(block + i)) {
          return block + i;
        }
      }
    }
    throw AwsException.client(
        "AddressLimitExceeded", "The maximum number of addresses has been reached.");
  }

  DescribeAddressesResult describe(Call call, DescribeAddressesRequest in) {
    var page = all.describe(call, TYPE, in.allocationIds(), in.filters(), null, null);
    Set<String> ips = in.publicIps() == null ? Set.of() : new HashSet<>(in.publicIps());
    List<Address> found =
        page.items().stream().filter(a -> ips.isEmpty() || ips.contains(a.publicIp())).toList();
    for (String ip : ips) {
      if (found.stream().noneMatch(a -> ip.equals(a.publicIp()))) {
        throw AwsException.client("InvalidAddress.NotFound", "Address '" + ip + "' not found.");
      }
    }
    return DescribeAddressesResult.builder().addresses(found).build();
  }

  DescribeAddressesAttributeResult attributes(Call call, DescribeAddressesAttributeRequest in) {
    var page = all.describe(call, TYPE, in.allocationIds(), null, in.nextToken(), in.maxResults());
    return DescribeAddressesAttributeResult.builder()
        .addresses(
            page.map(
                a ->
                    AddressAttribute.builder()
                        .allocationId(a.allocationId())
                        .publicIp(a.publicIp())
                        .build()))
        .nextToken(page.nextToken())
        .build();
  }

  Empty release(Call call, ReleaseAddressRequest in) {
    all.update(
        call,
        tx -> {
          if (in.allocationId() == null) {
            throw AwsException.client(
                "MissingParameter", "The request must contain the parameter AllocationId");
          }
          Address a = all.require(tx, call, TYPE, in.allocationId());
          if (a.associationId() != null) {
            throw AwsException.client(
                "InvalidIPAddress.InUse", "Address '" + a.publicIp() + "' is in use.");
          }
          all.delete(tx, call, TYPE, a.allocationId());
        });
    return new Empty();
  }

  Empty disassociate(Call call, DisassociateAddressRequest in) {
    all.update(
        call,
        tx -> {
          boolean known =
              all.all(tx, call, TYPE).stream()
                  .anyMatch(
                      a ->
                          in.associationId() != null
                              && in.associationId().equals(a.associationId()));
          if (!known) {
            throw AwsException.client(
                "InvalidAssociationID.NotFound",
                "The association ID '" + in.associationId() + "' does not exist");
          }
          throw AwsException.of(
              "AuthFailure",
              400,
              "You do not have permission to access the specified resource: a NAT gateway uses the address.");
        });
    return new Empty();
  }

  static Address associate(Inventory all, Tx tx, Call call, String allocationId) {
    Address a = all.require(tx, call, TYPE, allocationId);
    if (a.associationId() != null) {
      throw AwsException.client(
          "Resource.AlreadyAssociated",
          "resource " + allocationId + " is already associated with " + a.associationId());
    }
    Address used = a.toBuilder().associationId(IdSource.RANDOM.next("eipassoc-")).build();
    all.save(tx, call, TYPE, used);
    return used;
  }

  static void free(Inventory all, Tx tx, Call call, @Nullable String associationId) {
    for (Address a : all.all(tx, call, TYPE)) {
      if (associationId != null && associationId.equals(a.associationId())) {
        all.save(tx, call, TYPE, a.toBuilder().associationId(null).build());
      }
    }
  }
}
