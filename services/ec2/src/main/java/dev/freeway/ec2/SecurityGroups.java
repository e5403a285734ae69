package dev.freeway.ec2;

import dev.freeway.ec2.api.CreateSecurityGroupRequest;
import dev.freeway.ec2.api.CreateSecurityGroupResult;
import dev.freeway.ec2.api.DeleteSecurityGroupRequest;
import dev.freeway.ec2.api.DeleteSecurityGroupResult;
import dev.freeway.ec2.api.DescribeSecurityGroupsRequest;
import dev.freeway.ec2.api.DescribeSecurityGroupsResult;
import dev.freeway.ec2.api.SecurityGroup;
import dev.freeway.ec2.api.SecurityGroupRule;
import dev.freeway.ec2.api.Tag;
import dev.freeway.ec2.api.Vpc;
import dev.freeway.platform.Call;
import dev.freeway.store.ReadTx;
import dev.freeway.wire.AwsException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Security groups. What they allow is in their rules; nothing enforces it on the loopback network
/// that Freeway's workloads share.
final class SecurityGroups {
  private static final Pattern TEXT = Pattern.compile("[a-zA-Z0-9. _\\-:/()#,@\\[\\]+=&;{}!$*]*");

  private final Inventory all;

  SecurityGroups(Inventory all) {
    this.all = all;
  }

  static SecurityGroup fresh(
      Call call, String id, String name, String description, String vpcId, List<Tag> tags) {
    return SecurityGroup.builder()
        .groupId(id)
        .groupName(name)
        .description(description)
        .vpcId(vpcId)
        .ownerId(call.account())
        .securityGroupArn(call.arn("ec2", "security-group/" + id).toString())
        .tags(tags)
        .build();
  }

  static SecurityGroupRule rule(Call call, String id, String groupId, boolean egress) {
    return SecurityGroupRule.builder()
        .securityGroupRuleId(id)
        .groupId(groupId)
        .groupOwnerId(call.account())
        .isEgress(egress)
        .tags(List.of())
        .securityGroupRuleArn(call.arn("ec2", "security-group-rule/" + id).toString())
        .build();
  }

  static SecurityGroupRule allOut(Call call, String id, String groupId) {
    return rule(call, id, groupId, true).toBuilder()
        .ipProtocol("-1")
        .fromPort(-1)
        .toPort(-1)
        .cidrIpv4("0.0.0.0/0")
        .build();
  }

  CreateSecurityGroupResult create(Call call, CreateSecurityGroupRequest in) {
    checkNames(in);
    List<Tag> tags = TagSpecifications.of(in.tagSpecifications(), "security-group");
    SecurityGroup made =
        all.write(
            call,
            tx -> {
              String vpcId =
                  in.vpcId() == null
                      ? defaultVpc(tx, call).vpcId()
                      : all.require(tx, call, Types.VPC, in.vpcId()).vpcId();
              if (named(tx, call, vpcId, in.groupName()) != null) {
                throw AwsException.client(
                    "InvalidGroup.Duplicate",
                    "The security group '"
                        + in.groupName()
                        + "' already exists for VPC '"
                        + vpcId
                        + "'");
              }
              SecurityGroup g =
                  fresh(
                      call,
                      IdSource.RANDOM.next("sg-"),
                      in.groupName(),
                      in.description(),
                      vpcId,
                      tags);
              all.save(tx, call, Types.GROUP, g);
              all.save(
                  tx, call, Types.RULE, allOut(call, IdSource.RANDOM.next("sgr-"), g.groupId()));
              return g;
            });
    return CreateSecurityGroupResult.builder()
        .groupId(made.groupId())
        .securityGroupArn(made.securityGroupArn())
        .tags(tags)
        .build();
  }

  private static void checkNames(CreateSecurityGroupRequest in) {
    if (in.groupName().equals("default")) {
      throw AwsException.client(
          "InvalidParameterValue", "Cannot use reserved security group name: default");
    }
    boolean fits =
        !in.groupName().isEmpty()
            && in.groupName().length() <= 255
            && !in.groupName().startsWith("sg-")
            && TEXT.matcher(in.groupName()).matches();
    if (!fits) {
      throw AwsException.client(
          "InvalidParameterValue",
          in.groupName().startsWith("sg-")
              ? "Invalid value '"
                  + in.groupName()
                  + "' for groupName. Group names may not be in the format sg-*"
              : "Value ("
                  + in.groupName()
                  + ") for parameter GroupName is invalid. Character sets beyond ASCII are not supported.");
    }
    if (in.description().length() > 255 || !TEXT.matcher(in.description()).matches()) {
      throw AwsException.client(
          "InvalidParameterValue",
          "Value ("
              + in.description()
              + ") for parameter GroupDescription is invalid. Character sets beyond ASCII are not supported.");
    }
  }

  DescribeSecurityGroupsResult describe(Call call, DescribeSecurityGroupsRequest in) {
    Set<String> names = in.groupNames() == null ? Set.of() : new HashSet<>(in.groupNames());
    List<String> ids =
        names.isEmpty()
            ? in.groupIds()
            : all.read(call, tx -> names.stream().map(n -> requireNamed(tx, call, n)).toList());
    var page =
        all.describe(
            call,
            Types.GROUP,
            ids,
            in.filters(),
            in.nextToken(),
            in.maxResults(),
            (tx, g) -> view(tx, call, g));
    return DescribeSecurityGroupsResult.builder()
        .securityGroups(page.items())
        .nextToken(page.nextToken())
        .build();
  }

  private String requireNamed(ReadTx tx, Call call, String name) {
    SecurityGroup g = named(tx, call, defaultVpc(tx, call).vpcId(), name);
    if (g == null) {
      throw AwsException.client(
          "InvalidGroup.NotFound",
          "The security group '" + name + "' does not exist in default VPC");
    }
    return g.groupId();
  }

  DeleteSecurityGroupResult delete(Call call, DeleteSecurityGroupRequest in) {
    return all.write(
        call,
        tx -> {
          SecurityGroup g = requireGroup(tx, call, in.groupId(), in.groupName());
          if (g.groupName().equals("default")) {
            throw AwsException.client(
                "CannotDelete",
                "the specified group: \""
                    + g.groupId()
                    + "\" name: \"default\" cannot be deleted by a user");
          }
          boolean used =
              all.all(tx, call, Types.RULE).stream()
                  .anyMatch(
                      r ->
                          !r.groupId().equals(g.groupId())
                              && r.referencedGroupInfo() != null
                              && g.groupId().equals(r.referencedGroupInfo().groupId()));
          if (used) {
            throw AwsException.client(
                "DependencyViolation", "resource " + g.groupId() + " has a dependent object");
          }
          rules(tx, call, g.groupId())
              .forEach(r -> all.delete(tx, call, Types.RULE, r.securityGroupRuleId()));
          all.delete(tx, call, Types.GROUP, g.groupId());
          return DeleteSecurityGroupResult.builder().return_(true).groupId(g.groupId()).build();
        });
  }

  SecurityGroup requireGroup(ReadTx tx, Call call, @Nullable String id, @Nullable String name) {
    if (id == null && name == null) {
      throw AwsException.client(
          "MissingParameter", "The request must contain the parameter groupName or groupId");
    }
    return all.require(
        tx, call, Types.GROUP, id == null ? requireNamed(tx, call, String.valueOf(name)) : id);
  }

  List<SecurityGroupRule> rules(ReadTx tx, Call call, String groupId) {
    return all.all(tx, call, Types.RULE).stream().filter(r -> r.groupId().equals(groupId)).toList();
  }

  private SecurityGroup view(ReadTx tx, Call call, SecurityGroup g) {
    List<SecurityGroupRule> rules = rules(tx, call, g.groupId());
    return g.toBuilder()
        .ipPermissions(Permissions.of(rules, false))
        .ipPermissionsEgress(Permissions.of(rules, true))
        .build();
  }

  private @Nullable SecurityGroup named(ReadTx tx, Call call, String vpcId, String name) {
    return all.all(tx, call, Types.GROUP).stream()
        .filter(g -> g.vpcId().equals(vpcId) && g.groupName().equals(name))
        .findFirst()
        .orElse(null);
  }

  private Vpc defaultVpc(ReadTx tx, Call call) {
    return all.all(tx, call, Types.VPC).stream()
        .filter(v -> Boolean.TRUE.equals(v.isDefault()))
        .findFirst()
        .orElseThrow(
            () ->
                AwsException.client(
                    "VPCIdNotSpecified",
                    "No default VPC for this user. GroupName is only supported for EC2-Classic and default VPC."));
  }
}
