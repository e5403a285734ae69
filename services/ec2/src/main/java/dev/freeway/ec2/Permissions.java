package dev.freeway.ec2;

import dev.freeway.ec2.api.IpPermission;
import dev.freeway.ec2.api.IpRange;
import dev.freeway.ec2.api.Ipv6Range;
import dev.freeway.ec2.api.PrefixListId;
import dev.freeway.ec2.api.ReferencedSecurityGroup;
import dev.freeway.ec2.api.SecurityGroupRule;
import dev.freeway.ec2.api.UserIdGroupPair;
import dev.freeway.wire.AwsException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The two forms of what a security group allows: a rule per peer, and permissions that list the
/// peers of one protocol and port range.
final class Permissions {
  private Permissions() {}

  /// The permissions of one direction.
  static List<IpPermission> of(List<SecurityGroupRule> rules, boolean egress) {
    Map<String, List<SecurityGroupRule>> byPorts = new LinkedHashMap<>();
    for (SecurityGroupRule r : rules) {
      if (r.isEgress() == egress) {
        byPorts
            .computeIfAbsent(
                r.ipProtocol() + " " + r.fromPort() + " " + r.toPort(), k -> new ArrayList<>())
            .add(r);
      }
    }
    return byPorts.values().stream().map(Permissions::permission).toList();
  }

  private static IpPermission permission(List<SecurityGroupRule> rules) {
    SecurityGroupRule one = rules.getFirst();
    boolean every = one.ipProtocol().equals("-1");
    return IpPermission.builder()
        .ipProtocol(one.ipProtocol())
        .fromPort(every ? null : one.fromPort())
        .toPort(every ? null : one.toPort())
        .ipRanges(
            rules.stream()
                .filter(r -> r.cidrIpv4() != null)
                .map(r -> new IpRange(r.description(), r.cidrIpv4()))
                .toList())
        .ipv6Ranges(
            rules.stream()
                .filter(r -> r.cidrIpv6() != null)
                .map(r -> new Ipv6Range(r.description(), r.cidrIpv6()))
                .toList())
        .prefixListIds(
            rules.stream()
                .filter(r -> r.prefixListId() != null)
                .map(r -> new PrefixListId(r.description(), r.prefixListId()))
                .toList())
        .userIdGroupPairs(
            rules.stream()
                .filter(r -> r.referencedGroupInfo() != null)
                .map(
                    r ->
                        UserIdGroupPair.builder()
                            .description(r.description())
                            .userId(r.referencedGroupInfo().userId())
                            .groupId(r.referencedGroupInfo().groupId())
                            .build())
                .toList())
        .build();
  }

  /// A rule per peer, without ids.
  static List<SecurityGroupRule> rules(SecurityGroupRule base, List<IpPermission> permissions) {
    List<SecurityGroupRule> all = new ArrayList<>();
    for (IpPermission p : permissions) {
      SecurityGroupRule ports = ports(base, p);
      int before = all.size();
      list(p.ipRanges())
          .forEach(
              r ->
                  all.add(
                      ports.toBuilder()
                          .cidrIpv4(Cidr.parse(text(r.cidrIp()), "cidrIp").toString())
                          .description(r.description())
                          .build()));
      list(p.ipv6Ranges())
          .forEach(
              r ->
                  all.add(
                      ports.toBuilder()
                          .cidrIpv6(ipv6(text(r.cidrIpv6())))
                          .description(r.description())
                          .build()));
      list(p.prefixListIds())
          .forEach(
              r ->
                  all.add(
                      ports.toBuilder()
                          .prefixListId(r.prefixListId())
                          .description(r.description())
                          .build()));
      list(p.userIdGroupPairs())
          .forEach(
              g ->
                  all.add(
                      ports.toBuilder()
                          .referencedGroupInfo(
                              ReferencedSecurityGroup.builder()
                                  .groupId(g.groupId())
                                  .userId(g.userId() == null ? base.groupOwnerId() : g.userId())
                                  .build())
                          .description(g.description())
                          .build()));
      if (all.size() == before) {
        throw AwsException.client(
            "InvalidParameterValue",
            "Invalid value for IpPermissions: a permission needs an IP range, a prefix list or a security group.");
      }
    }
    return all;
  }

  private static SecurityGroupRule ports(SecurityGroupRule base, IpPermission p) {
    String protocol = protocol(p.ipProtocol());
    Integer from = p.fromPort();
    Integer to = p.toPort();
    if (protocol.equals("tcp") || protocol.equals("udp")) {
      if (from == null || to == null) {
        throw AwsException.client(
            "InvalidParameterValue",
            "Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange.");
      }
      if (from < 0 || to > 65535 || from > to) {
        throw AwsException.client(
            "InvalidParameterValue",
            from > to
                ? "Invalid TCP/UDP port range (" + from + ":" + to + ")"
                : "TCP/UDP port (" + (from < 0 ? from : to) + ") out of range");
      }
    }
    boolean every = protocol.equals("-1") || from == null;
    return base.toBuilder()
        .ipProtocol(protocol)
        .fromPort(every ? -1 : from)
        .toPort(every || to == null ? -1 : to)
        .build();
  }

  private static String protocol(@Nullable String given) {
    if (given == null) {
      throw AwsException.client(
          "MissingParameter", "The request must contain the parameter ipProtocol");
    }
    String p = given.toLowerCase(Locale.ROOT);
    return switch (p) {
      case "6", "tcp" -> "tcp";
      case "17", "udp" -> "udp";
      case "1", "icmp" -> "icmp";
      case "58", "icmpv6" -> "icmpv6";
      case "-1", "all" -> "-1";
      default -> {
        if (!p.matches("\\d{1,3}") || Integer.parseInt(p) > 255) {
          throw AwsException.client(
              "InvalidParameterValue",
              "Invalid value '" + given + "' for IP protocol. Unknown protocol.");
        }
        yield p;
      }
    };
  }

  private static String ipv6(String cidr) {
    if (!cidr.matches("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*/\\d{1,3}")) {
      throw AwsException.client("InvalidParameterValue", "CIDR block " + cidr + " is malformed");
    }
    return cidr;
  }

  /// Whether two rules allow the same, whatever their descriptions.
  static boolean same(SecurityGroupRule a, SecurityGroupRule b) {
    return a.isEgress() == b.isEgress().booleanValue()
        && a.ipProtocol().equals(b.ipProtocol())
        && Objects.equals(a.fromPort(), b.fromPort())
        && Objects.equals(a.toPort(), b.toPort())
        && peer(a).equals(peer(b));
  }

  static String peer(SecurityGroupRule r) {
    return Stream.of(
            r.cidrIpv4(),
            r.cidrIpv6(),
            r.prefixListId(),
            r.referencedGroupInfo() == null ? null : r.referencedGroupInfo().groupId())
        .filter(Objects::nonNull)
        .findFirst()
        .orElse("");
  }

  private static <T> List<T> list(@Nullable List<T> given) {
    return given == null ? List.of() : given;
  }

  private static String text(@Nullable String given) {
    return given == null ? "" : given;
  }
}
