package dev.freeway.iam;

import dev.freeway.iam.api.*;
import dev.freeway.platform.Call;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Store;
import dev.freeway.wire.Structure.Empty;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// All of an account at a glance: how much there is, and every user, group, role and policy.
final class AccountReport {
  private static final Map<String, Integer> QUOTAS =
      Map.ofEntries(
          Map.entry("UsersQuota", 5000),
          Map.entry("GroupsQuota", 300),
          Map.entry("RolesQuota", 1000),
          Map.entry("PoliciesQuota", 1500),
          Map.entry("InstanceProfilesQuota", 1000),
          Map.entry("ServerCertificatesQuota", 20),
          Map.entry("UserPolicySizeQuota", 2048),
          Map.entry("GroupPolicySizeQuota", 5120),
          Map.entry("RolePolicySizeQuota", 10240),
          Map.entry("PolicySizeQuota", 6144),
          Map.entry("AssumeRolePolicySizeQuota", 2048),
          Map.entry("GroupsPerUserQuota", 10),
          Map.entry("AccessKeysPerUserQuota", 2),
          Map.entry("SigningCertificatesPerUserQuota", 2),
          Map.entry("AttachedPoliciesPerUserQuota", 10),
          Map.entry("AttachedPoliciesPerGroupQuota", 10),
          Map.entry("AttachedPoliciesPerRoleQuota", 10),
          Map.entry("PolicyVersionsInUseQuota", 10000),
          Map.entry("VersionsPerPolicyQuota", 5),
          Map.entry("GlobalEndpointTokenVersion", 1));

  private final Store store;
  private final Entities entities;
  private final ManagedPolicies policies;
  private final InstanceProfiles profiles;
  private final OidcProviders oidc;
  private final MfaDevices mfa;

  AccountReport(
      Store store,
      Entities entities,
      ManagedPolicies policies,
      InstanceProfiles profiles,
      OidcProviders oidc,
      MfaDevices mfa) {
    this.store = store;
    this.entities = entities;
    this.policies = policies;
    this.profiles = profiles;
    this.oidc = oidc;
    this.mfa = mfa;
  }

  GetAccountSummaryResponse summary(Call call, Empty in) {
    Map<String, Integer> map = new LinkedHashMap<>(QUOTAS);
    store.read(
        tx -> {
          map.put("Users", entities.all(tx, call, Kind.USER).size());
          map.put("Groups", entities.all(tx, call, Kind.GROUP).size());
          map.put("Roles", entities.all(tx, call, Kind.ROLE).size());
          List<ManagedPolicy> own = policies.all(tx, call);
          map.put("Policies", own.size());
          map.put("PolicyVersionsInUse", own.stream().mapToInt(p -> p.versions().size()).sum());
          map.put("InstanceProfiles", profiles.all(tx, call).size());
          map.put("Providers", oidc.all(tx, call).size());
          var devices = mfa.all(tx, call);
          map.put("MFADevices", devices.size());
          map.put("MFADevicesInUse", (int) devices.stream().filter(d -> d.user() != null).count());
          return map;
        });
    for (String nothing :
        List.of(
            "ServerCertificates",
            "AccountMFAEnabled",
            "AccountAccessKeysPresent",
            "AccountPasswordPresent",
            "AccountSigningCertificatesPresent")) {
      map.put(nothing, 0);
    }
    return new GetAccountSummaryResponse(map);
  }

  /// One line of the details, whatever it is of.
  private record Line(String key, Object detail) {}

  GetAccountAuthorizationDetailsResponse details(
      Call call, GetAccountAuthorizationDetailsRequest in) {
    Set<String> filter =
        in.filter() == null || in.filter().isEmpty()
            ? Set.of("User", "Group", "Role", "LocalManagedPolicy", "AWSManagedPolicy")
            : Set.copyOf(in.filter());
    List<Line> all = store.read(tx -> lines(tx, call, filter));
    var page = Pages.of(all, Line::key, in.marker(), in.maxItems());
    List<Line> lines = page.page().items();
    return GetAccountAuthorizationDetailsResponse.builder()
        .userDetailList(of(lines, UserDetail.class))
        .groupDetailList(of(lines, GroupDetail.class))
        .roleDetailList(of(lines, RoleDetail.class))
        .policies(of(lines, ManagedPolicyDetail.class))
        .isTruncated(page.truncated())
        .marker(page.marker())
        .build();
  }

  private static <T> List<T> of(List<Line> lines, Class<T> type) {
    return lines.stream().map(Line::detail).filter(type::isInstance).map(type::cast).toList();
  }

  private List<Line> lines(ReadTx tx, Call call, Set<String> filter) {
    List<Line> all = new ArrayList<>();
    List<Entity> holders = entities.all(tx, call);
    for (Entity e : holders) {
      String word = e.kind().title;
      if (filter.contains(word)) {
        all.add(new Line(word + "/" + Entities.folded(e.name()), detail(tx, call, e)));
      }
    }
    List<ManagedPolicy> managed = new ArrayList<>();
    if (filter.contains("LocalManagedPolicy")) {
      managed.addAll(policies.all(tx, call));
    }
    if (filter.contains("AWSManagedPolicy")) {
      // Of AWS's own, those in use.
      AwsPolicies.all().stream()
          .filter(p -> uses(holders, ManagedPolicies.arn(call, p)) > 0)
          .forEach(managed::add);
    }
    for (ManagedPolicy p : managed) {
      all.add(new Line("Policy/" + ManagedPolicies.arn(call, p), policy(call, p, holders)));
    }
    all.sort(java.util.Comparator.comparing(Line::key));
    return all;
  }

  private static int uses(List<Entity> holders, String arn) {
    return (int) holders.stream().filter(e -> e.attached().contains(arn)).count();
  }

  private Object detail(ReadTx tx, Call call, Entity e) {
    String arn = e.arn(call.account());
    List<PolicyDetail> inline =
        e.inline().entrySet().stream()
            .map(p -> new PolicyDetail(p.getKey(), UrlEncoded.of(p.getValue())))
            .toList();
    List<AttachedPolicy> attached =
        e.attached().stream()
            .map(a -> new AttachedPolicy(a.substring(a.lastIndexOf('/') + 1), a))
            .toList();
    @Nullable List<Tag> tags = e.tags().isEmpty() ? null : TagSet.view(e.tags());
    return switch (e.kind()) {
      case USER ->
          UserDetail.builder()
              .path(e.path())
              .userName(e.name())
              .userId(e.id())
              .arn(arn)
              .createDate(e.created())
              .userPolicyList(inline)
              .groupList(e.groups())
              .attachedManagedPolicies(attached)
              .permissionsBoundary(Roles.boundary(e))
              .tags(tags)
              .build();
      case GROUP ->
          GroupDetail.builder()
              .path(e.path())
              .groupName(e.name())
              .groupId(e.id())
              .arn(arn)
              .createDate(e.created())
              .groupPolicyList(inline)
              .attachedManagedPolicies(attached)
              .build();
      case ROLE -> {
        Role role = Roles.view(call, e);
        yield RoleDetail.builder()
            .path(e.path())
            .roleName(e.name())
            .roleId(e.id())
            .arn(arn)
            .createDate(e.created())
            .assumeRolePolicyDocument(role.assumeRolePolicyDocument())
            .instanceProfileList(profiles.views(tx, call, e.name()))
            .rolePolicyList(inline)
            .attachedManagedPolicies(attached)
            .permissionsBoundary(role.permissionsBoundary())
            .tags(tags)
            .roleLastUsed(RoleLastUsed.builder().build())
            .build();
      }
    };
  }

  private static ManagedPolicyDetail policy(Call call, ManagedPolicy p, List<Entity> holders) {
    Policy view = Policies.view(call, p, holders);
    return ManagedPolicyDetail.builder()
        .policyName(view.policyName())
        .policyId(view.policyId())
        .arn(view.arn())
        .path(view.path())
        .defaultVersionId(view.defaultVersionId())
        .attachmentCount(view.attachmentCount())
        .permissionsBoundaryUsageCount(view.permissionsBoundaryUsageCount())
        .isAttachable(view.isAttachable())
        .description(view.description())
        .createDate(view.createDate())
        .updateDate(view.updateDate())
        .policyVersionList(p.versions().stream().map(v -> Policies.version(p, v, true)).toList())
        .build();
  }
}
