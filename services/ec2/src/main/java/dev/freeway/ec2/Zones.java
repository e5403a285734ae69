package dev.freeway.ec2;

import dev.freeway.ec2.api.AvailabilityZone;
import dev.freeway.ec2.api.AvailabilityZoneMessage;
import dev.freeway.ec2.api.DescribeAvailabilityZonesRequest;
import dev.freeway.ec2.api.DescribeAvailabilityZonesResult;
import dev.freeway.ec2.api.DescribeRegionsRequest;
import dev.freeway.ec2.api.DescribeRegionsResult;
import dev.freeway.ec2.api.Region;
import dev.freeway.platform.Call;
import dev.freeway.wire.AwsException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Regions and their availability zones.
final class Zones {
  // Region, the short form in zone ids, the letters of its zones; "opt-in" where AWS asks for it.
  private static final String TABLE =
      """
      af-south-1 afs1 abc opt-in
      ap-east-1 ape1 abc opt-in
      ap-northeast-1 apne1 acd
      ap-northeast-2 apne2 abcd
      ap-northeast-3 apne3 abc
      ap-south-1 aps1 abc
      ap-south-2 aps2 abc opt-in
      ap-southeast-1 apse1 abc
      ap-southeast-2 apse2 abc
      ap-southeast-3 apse3 abc opt-in
      ap-southeast-4 apse4 abc opt-in
      ca-central-1 cac1 abd
      ca-west-1 caw1 abc opt-in
      eu-central-1 euc1 abc
      eu-central-2 euc2 abc opt-in
      eu-north-1 eun1 abc
      eu-south-1 eus1 abc opt-in
      eu-south-2 eus2 abc opt-in
      eu-west-1 euw1 abc
      eu-west-2 euw2 abc
      eu-west-3 euw3 abc
      il-central-1 ilc1 abc opt-in
      me-central-1 mec1 abc opt-in
      me-south-1 mes1 abc opt-in
      sa-east-1 sae1 abc
      us-east-1 use1 abcdef
      us-east-2 use2 abc
      us-west-1 usw1 ac
      us-west-2 usw2 abcd
      """;

  record Area(String region, String shortName, String letters, boolean optIn) {}

  private static final Map<String, Area> AREAS = areas();

  static final ResourceType<AvailabilityZone> ZONE =
      ResourceType.of(
              "availability-zone",
              "",
              AvailabilityZone.class,
              AvailabilityZone::zoneName,
              z -> List.of(),
              (z, t) -> z,
              "InvalidParameterValue",
              "Invalid availability zone: [%s]")
          .filter("zone-name", AvailabilityZone::zoneName)
          .filter("zone-id", AvailabilityZone::zoneId)
          .filter("zone-type", AvailabilityZone::zoneType)
          .filter("region-name", AvailabilityZone::regionName)
          .filter("group-name", AvailabilityZone::groupName)
          .filter("opt-in-status", AvailabilityZone::optInStatus)
          .filter("state", AvailabilityZone::state)
          .filter("parent-zone-name", z -> null)
          .filter("parent-zone-id", z -> null)
          .filter("message", z -> null);

  static final ResourceType<Region> REGION =
      ResourceType.of(
              "region",
              "",
              Region.class,
              Region::regionName,
              r -> List.of(),
              (r, t) -> r,
              "InvalidParameterValue",
              "Invalid region: [%s]")
          .filter("region-name", Region::regionName)
          .filter("endpoint", Region::endpoint)
          .filter("opt-in-status", Region::optInStatus);

  private Zones() {}

  private static Map<String, Area> areas() {
    Map<String, Area> all = new TreeMap<>();
    TABLE
        .lines()
        .map(l -> l.split(" "))
        .forEach(w -> all.put(w[0], new Area(w[0], w[1], w[2], w.length > 3)));
    return all;
  }

  /// The zones of a region; one that AWS does not have gets three.
  static List<AvailabilityZone> of(String region) {
    Area area = AREAS.getOrDefault(region, new Area(region, region.replace("-", ""), "abc", false));
    List<AvailabilityZone> zones = new ArrayList<>();
    for (int i = 0; i < area.letters.length(); i++) {
      zones.add(
          AvailabilityZone.builder()
              .optInStatus("opt-in-not-required")
              .messages(List.<AvailabilityZoneMessage>of())
              .regionName(region)
              .zoneName(region + area.letters.charAt(i))
              .zoneId(area.shortName + "-az" + (i + 1))
              .groupName(region + "-zg-1")
              .groupLongName(region + " 1")
              .networkBorderGroup(region)
              .zoneType("availability-zone")
              .state("available")
              .build());
    }
    return zones;
  }

  static DescribeAvailabilityZonesResult describe(Call call, DescribeAvailabilityZonesRequest in) {
    Filters<AvailabilityZone> filters = new Filters<>(ZONE, in.filters());
    List<AvailabilityZone> all = of(call.region());
    Set<String> names =
        known(in.zoneNames(), all.stream().map(AvailabilityZone::zoneName).toList());
    Set<String> ids = known(in.zoneIds(), all.stream().map(AvailabilityZone::zoneId).toList());
    return DescribeAvailabilityZonesResult.builder()
        .availabilityZones(
            all.stream()
                .filter(z -> names.isEmpty() || names.contains(z.zoneName()))
                .filter(z -> ids.isEmpty() || ids.contains(z.zoneId()))
                .filter(filters::matches)
                .toList())
        .build();
  }

  private static Set<String> known(List<String> asked, List<String> all) {
    Set<String> wanted = asked == null ? Set.of() : new HashSet<>(asked);
    for (String w : wanted) {
      if (!all.contains(w)) {
        throw ZONE.notFound(w);
      }
    }
    return wanted;
  }

  static DescribeRegionsResult regions(Call call, DescribeRegionsRequest in) {
    Filters<Region> filters = new Filters<>(REGION, in.filters());
    Set<String> names = in.regionNames() == null ? Set.of() : new HashSet<>(in.regionNames());
    for (String n : names) {
      if (!AREAS.containsKey(n)) {
        throw AwsException.client("InvalidParameterValue", "Invalid region: [" + n + "]");
      }
    }
    boolean every = Boolean.TRUE.equals(in.allRegions()) || !names.isEmpty();
    return DescribeRegionsResult.builder()
        .regions(
            AREAS.values().stream()
                .filter(a -> every || !a.optIn)
                .filter(a -> names.isEmpty() || names.contains(a.region))
                .map(Zones::view)
                .filter(filters::matches)
                .toList())
        .build();
  }

  private static Region view(Area a) {
    return Region.builder()
        .regionName(a.region)
        .endpoint("ec2." + a.region + ".amazonaws.com")
        .optInStatus(a.optIn ? "not-opted-in" : "opt-in-not-required")
        .build();
  }
}
