package dev.freeway.ec2;

import dev.freeway.ec2.api.*;
import dev.freeway.platform.Call;
import dev.freeway.store.Tx;
import dev.freeway.wire.AwsException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Rules of security groups: authorized, revoked, changed, described.
final class SecurityGroupRules {
  private final Inventory all;
  private final SecurityGroups groups;

  SecurityGroupRules(Inventory all, SecurityGroups groups) {
    this.all = all;
    this.groups = groups;
  }

  AuthorizeSecurityGroupIngressResult allowIn(Call call, AuthorizeSecurityGroupIngressRequest in) {
    Asked asked =
        new Asked(
            in.groupId(),
            in.groupName(),
            false,
            permissions(
                in.ipPermissions(), in.ipProtocol(), in.fromPort(), in.toPort(), in.cidrIp()),
            List.of());
    return AuthorizeSecurityGroupIngressResult.builder()
        .return_(true)
        .securityGroupRules(authorize(call, asked, in.tagSpecifications()))
        .build();
  }

  AuthorizeSecurityGroupEgressResult allowOut(Call call, AuthorizeSecurityGroupEgressRequest in) {
    Asked asked =
        new Asked(
            in.groupId(),
            null,
            true,
            permissions(
                in.ipPermissions(), in.ipProtocol(), in.fromPort(), in.toPort(), in.cidrIp()),
            List.of());
    return AuthorizeSecurityGroupEgressResult.builder()
        .return_(true)
        .securityGroupRules(authorize(call, asked, in.tagSpecifications()))
        .build();
  }

  RevokeSecurityGroupIngressResult revokeIn(Call call, RevokeSecurityGroupIngressRequest in) {
    Asked asked =
        new Asked(
            in.groupId(),
            in.groupName(),
            false,
            permissions(
                in.ipPermissions(), in.ipProtocol(), in.fromPort(), in.toPort(), in.cidrIp()),
            list(in.securityGroupRuleIds()));
    return RevokeSecurityGroupIngressResult.builder()
        .return_(true)
        .revokedSecurityGroupRules(revoke(call, asked))
        .build();
  }

  RevokeSecurityGroupEgressResult revokeOut(Call call, RevokeSecurityGroupEgressRequest in) {
    Asked asked =
        new Asked(
            in.groupId(),
            null,
            true,
            permissions(
                in.ipPermissions(), in.ipProtocol(), in.fromPort(), in.toPort(), in.cidrIp()),
            list(in.securityGroupRuleIds()));
    return RevokeSecurityGroupEgressResult.builder()
        .return_(true)
        .revokedSecurityGroupRules(revoke(call, asked))
        .build();
  }

  UpdateSecurityGroupRuleDescriptionsIngressResult describeIn(
      Call call, UpdateSecurityGroupRuleDescriptionsIngressRequest in) {
    Asked asked =
        new Asked(in.groupId(), in.groupName(), false, list(in.ipPermissions()), List.of());
    setDescriptions(call, asked, in.securityGroupRuleDescriptions());
    return UpdateSecurityGroupRuleDescriptionsIngressResult.builder().return_(true).build();
  }

  UpdateSecurityGroupRuleDescriptionsEgressResult describeOut(
      Call call, UpdateSecurityGroupRuleDescriptionsEgressRequest in) {
    Asked asked =
        new Asked(in.groupId(), in.groupName(), true, list(in.ipPermissions()), List.of());
    setDescriptions(call, asked, in.securityGroupRuleDescriptions());
    return UpdateSecurityGroupRuleDescriptionsEgressResult.builder().return_(true).build();
  }

  DescribeSecurityGroupRulesResult describe(Call call, DescribeSecurityGroupRulesRequest in) {
    var page =
        all.describe(
            call,
            Types.RULE,
            in.securityGroupRuleIds(),
            in.filters(),
            in.nextToken(),
            in.maxResults());
    return DescribeSecurityGroupRulesResult.builder()
        .securityGroupRules(page.items())
        .nextToken(page.nextToken())
        .build();
  }

  ModifySecurityGroupRulesResult modify(Call call, ModifySecurityGroupRulesRequest in) {
    all.update(
        call,
        tx -> {
          groups.requireGroup(tx, call, in.groupId(), null);
          for (SecurityGroupRuleUpdate u : in.securityGroupRules()) {
            SecurityGroupRule before = requireRule(tx, call, in.groupId(), u.securityGroupRuleId());
            SecurityGroupRuleRequest wanted = u.securityGroupRule();
            if (wanted == null) {
              throw AwsException.client(
                  "MissingParameter", "The request must contain the parameter SecurityGroupRule");
            }
            SecurityGroupRule base =
                SecurityGroups.rule(
                        call, before.securityGroupRuleId(), in.groupId(), before.isEgress())
                    .toBuilder()
                    .tags(before.tags())
                    .build();
            all.save(
                tx,
                call,
                Types.RULE,
                Permissions.rules(base, List.of(permission(wanted))).getFirst());
          }
        });
    return ModifySecurityGroupRulesResult.builder().return_(true).build();
  }

  private static IpPermission permission(SecurityGroupRuleRequest r) {
    IpPermission.Builder b =
        IpPermission.builder().ipProtocol(r.ipProtocol()).fromPort(r.fromPort()).toPort(r.toPort());
    if (r.cidrIpv4() != null) {
      b.ipRanges(List.of(new IpRange(r.description(), r.cidrIpv4())));
    } else if (r.cidrIpv6() != null) {
      b.ipv6Ranges(List.of(new Ipv6Range(r.description(), r.cidrIpv6())));
    } else if (r.prefixListId() != null) {
      b.prefixListIds(List.of(new PrefixListId(r.description(), r.prefixListId())));
    } else if (r.referencedGroupId() != null) {
      b.userIdGroupPairs(
          List.of(
              UserIdGroupPair.builder()
                  .groupId(r.referencedGroupId())
                  .description(r.description())
                  .build()));
    }
    return b.build();
  }

  /// @param ruleIds instead of permissions
  private record Asked(
      @Nullable String groupId,
      @Nullable String groupName,
      boolean egress,
      List<IpPermission> permissions,
      List<String> ruleIds) {}

  private List<SecurityGroupRule> authorize(
      Call call, Asked asked, @Nullable List<TagSpecification> specifications) {
    if (asked.permissions.isEmpty()) {
      throw AwsException.client(
          "MissingParameter", "The request must contain the parameter ipPermissions");
    }
    List<Tag> tags = TagSpecifications.of(specifications, "security-group-rule");
    return all.write(
        call,
        tx -> {
          SecurityGroup g = groups.requireGroup(tx, call, asked.groupId, asked.groupName);
          List<SecurityGroupRule> have = new ArrayList<>(groups.rules(tx, call, g.groupId()));
          List<SecurityGroupRule> made = new ArrayList<>();
          SecurityGroupRule base = SecurityGroups.rule(call, "", g.groupId(), asked.egress);
          for (SecurityGroupRule r : Permissions.rules(base, asked.permissions)) {
            if (r.referencedGroupInfo() != null) {
              all.require(tx, call, Types.GROUP, String.valueOf(r.referencedGroupInfo().groupId()));
            }
            if (have.stream().anyMatch(h -> Permissions.same(h, r))) {
              throw duplicate(r);
            }
            String id = IdSource.RANDOM.next("sgr-");
            SecurityGroupRule fresh =
                r.toBuilder()
                    .securityGroupRuleId(id)
                    .securityGroupRuleArn(call.arn("ec2", "security-group-rule/" + id).toString())
                    .tags(tags)
                    .build();
            all.save(tx, call, Types.RULE, fresh);
            have.add(fresh);
            made.add(fresh);
          }
          return made;
        });
  }

  private static AwsException duplicate(SecurityGroupRule r) {
    String what =
        r.ipProtocol().equals("-1")
            ? "ALL"
            : r.ipProtocol().toUpperCase(Locale.ROOT)
                + ", from port: "
                + r.fromPort()
                + ", to port: "
                + r.toPort();
    return AwsException.client(
        "InvalidPermission.Duplicate",
        "the specified rule \"peer: "
            + Permissions.peer(r)
            + ", "
            + what
            + ", ALLOW\" already exists");
  }

  private List<RevokedSecurityGroupRule> revoke(Call call, Asked asked) {
    if (asked.permissions.isEmpty() && asked.ruleIds.isEmpty()) {
      throw AwsException.client(
          "MissingParameter",
          "The request must contain the parameter ipPermissions or securityGroupRuleIds");
    }
    return all.write(
        call,
        tx -> {
          SecurityGroup g = groups.requireGroup(tx, call, asked.groupId, asked.groupName);
          List<SecurityGroupRule> gone = matching(tx, call, asked, g);
          asked.ruleIds.forEach(id -> gone.add(requireRule(tx, call, g.groupId(), id)));
          gone.forEach(r -> all.delete(tx, call, Types.RULE, r.securityGroupRuleId()));
          return gone.stream().map(SecurityGroupRules::revoked).toList();
        });
  }

  private List<SecurityGroupRule> matching(Tx tx, Call call, Asked asked, SecurityGroup g) {
    List<SecurityGroupRule> have = groups.rules(tx, call, g.groupId());
    List<SecurityGroupRule> found = new ArrayList<>();
    SecurityGroupRule base = SecurityGroups.rule(call, "", g.groupId(), asked.egress);
    for (SecurityGroupRule r : Permissions.rules(base, asked.permissions)) {
      Optional<SecurityGroupRule> match =
          have.stream().filter(h -> Permissions.same(h, r)).findFirst();
      found.add(match.orElseThrow(SecurityGroupRules::noRule));
    }
    return found;
  }

  private static AwsException noRule() {
    return AwsException.client(
        "InvalidPermission.NotFound", "The specified rule does not exist in this security group.");
  }

  private SecurityGroupRule requireRule(Tx tx, Call call, String groupId, String ruleId) {
    SecurityGroupRule r = all.require(tx, call, Types.RULE, ruleId);
    if (!r.groupId().equals(groupId)) {
      throw Types.RULE.notFound(ruleId);
    }
    return r;
  }

  private void setDescriptions(
      Call call, Asked asked, @Nullable List<SecurityGroupRuleDescription> byId) {
    all.update(
        call,
        tx -> {
          SecurityGroup g = groups.requireGroup(tx, call, asked.groupId, asked.groupName);
          for (SecurityGroupRuleDescription d : list(byId)) {
            SecurityGroupRule r = requireRule(tx, call, g.groupId(), d.securityGroupRuleId());
            all.save(tx, call, Types.RULE, r.toBuilder().description(d.description()).build());
          }
          SecurityGroupRule base = SecurityGroups.rule(call, "", g.groupId(), asked.egress);
          for (SecurityGroupRule r : Permissions.rules(base, asked.permissions)) {
            SecurityGroupRule have =
                groups.rules(tx, call, g.groupId()).stream()
                    .filter(h -> Permissions.same(h, r))
                    .findFirst()
                    .orElseThrow(SecurityGroupRules::noRule);
            all.save(tx, call, Types.RULE, have.toBuilder().description(r.description()).build());
          }
        });
  }

  private static RevokedSecurityGroupRule revoked(SecurityGroupRule r) {
    return RevokedSecurityGroupRule.builder()
        .securityGroupRuleId(r.securityGroupRuleId())
        .groupId(r.groupId())
        .isEgress(r.isEgress())
        .ipProtocol(r.ipProtocol())
        .fromPort(r.fromPort())
        .toPort(r.toPort())
        .cidrIpv4(r.cidrIpv4())
        .cidrIpv6(r.cidrIpv6())
        .prefixListId(r.prefixListId())
        .referencedGroupId(
            r.referencedGroupInfo() == null ? null : r.referencedGroupInfo().groupId())
        .description(r.description())
        .build();
  }

  // The older form: one permission in parameters of its own.
  private static List<IpPermission> permissions(
      @Nullable List<IpPermission> given,
      @Nullable String protocol,
      @Nullable Integer from,
      @Nullable Integer to,
      @Nullable String cidr) {
    List<IpPermission> permissions = new ArrayList<>(list(given));
    if (protocol != null && cidr != null) {
      permissions.add(
          IpPermission.builder()
              .ipProtocol(protocol)
              .fromPort(from)
              .toPort(to)
              .ipRanges(List.of(new IpRange(null, cidr)))
              .build());
    }
    return permissions;
  }

  private static <T> List<T> list(@Nullable List<T> given) {
    return given == null ? List.of() : given;
  }
}
