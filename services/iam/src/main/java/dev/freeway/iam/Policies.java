package dev.freeway.iam;

import dev.freeway.iam.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Ids;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Store;
import dev.freeway.wire.Structure.Empty;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Managed policies and their versions.
final class Policies {
  private static final int MAX_CHARACTERS = 6144;

  private final Store store;
  private final ManagedPolicies policies;
  private final Entities entities;

  Policies(Store store, ManagedPolicies policies, Entities entities) {
    this.store = store;
    this.policies = policies;
    this.entities = entities;
  }

  CreatePolicyResponse create(Call call, CreatePolicyRequest in) {
    Names.check("policyName", in.policyName());
    checkDocument(in.policyDocument());
    ManagedPolicy fresh =
        new ManagedPolicy(
                in.policyName(),
                in.path() == null ? "/" : in.path(),
                "ANPA" + Ids.base32(17),
                in.description(),
                Entities.now(call),
                Entities.now(call),
                TagSet.of(in.tags()),
                List.of(),
                0,
                "v1")
            .withVersion(in.policyDocument(), Entities.now(call), true);
    store.update(tx -> policies.create(tx, call, fresh));
    Policy view = view(call, fresh, List.of()).toBuilder().description(null).build();
    return CreatePolicyResponse.builder().policy(view).build();
  }

  private static void checkDocument(String document) {
    PolicyDocument.checkPermissions(document);
    if (PolicyDocument.size(document) > MAX_CHARACTERS) {
      throw IamErrors.limitExceededException(
          "Cannot exceed quota for PolicySize: " + MAX_CHARACTERS);
    }
  }

  GetPolicyResponse get(Call call, GetPolicyRequest in) {
    Policy view =
        store.read(
            tx -> view(call, policies.require(tx, call, in.policyArn()), entities.all(tx, call)));
    return GetPolicyResponse.builder().policy(view).build();
  }

  ListPoliciesResponse list(Call call, ListPoliciesRequest in) {
    String scope = in.scope() == null ? "All" : in.scope();
    String prefix = in.pathPrefix() == null ? "/" : in.pathPrefix();
    List<Policy> all =
        store.read(
            tx -> {
              List<ManagedPolicy> some = new ArrayList<>();
              if (!scope.equals("AWS")) {
                some.addAll(policies.all(tx, call));
              }
              if (!scope.equals("Local")) {
                some.addAll(AwsPolicies.all());
              }
              List<Entity> holders = entities.all(tx, call);
              return some.stream()
                  .filter(p -> p.path().startsWith(prefix))
                  .map(p -> view(call, p, holders))
                  .filter(p -> !Boolean.TRUE.equals(in.onlyAttached()) || p.attachmentCount() > 0)
                  .sorted(Comparator.comparing(Policy::arn))
                  .toList();
            });
    var page = Pages.of(all, Policy::arn, in.marker(), in.maxItems());
    return ListPoliciesResponse.builder()
        .policies(page.map(p -> p.toBuilder().description(null).tags(null).build()))
        .isTruncated(page.truncated())
        .marker(page.marker())
        .build();
  }

  Empty delete(Call call, DeletePolicyRequest in) {
    store.update(
        tx -> {
          ManagedPolicy p = policies.requireOwn(tx, call, in.policyArn());
          if (holders(tx, call, in.policyArn()) > 0) {
            throw IamErrors.deleteConflictException("Cannot delete a policy attached to entities.");
          }
          if (p.versions().size() > 1) {
            throw IamErrors.deleteConflictException(
                "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.");
          }
          policies.delete(tx, call, p);
        });
    return new Empty();
  }

  CreatePolicyVersionResponse createVersion(Call call, CreatePolicyVersionRequest in) {
    checkDocument(in.policyDocument());
    PolicyVersion view =
        store.write(
            tx -> {
              ManagedPolicy p = policies.requireOwn(tx, call, in.policyArn());
              if (p.versions().size() >= ManagedPolicy.MAX_VERSIONS) {
                throw IamErrors.limitExceededException(
                    "A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.");
              }
              ManagedPolicy after =
                  p.withVersion(
                      in.policyDocument(),
                      Entities.now(call),
                      Boolean.TRUE.equals(in.setAsDefault()));
              policies.save(tx, call, after);
              return version(after, after.versions().getLast(), false);
            });
    return CreatePolicyVersionResponse.builder().policyVersion(view).build();
  }

  GetPolicyVersionResponse getVersion(Call call, GetPolicyVersionRequest in) {
    ManagedPolicy p = store.read(tx -> policies.require(tx, call, in.policyArn()));
    return GetPolicyVersionResponse.builder()
        .policyVersion(version(p, requireVersion(p, in.policyArn(), in.versionId()), true))
        .build();
  }

  ListPolicyVersionsResponse listVersions(Call call, ListPolicyVersionsRequest in) {
    ManagedPolicy p = store.read(tx -> policies.require(tx, call, in.policyArn()));
    return ListPolicyVersionsResponse.builder()
        .versions(p.versions().reversed().stream().map(v -> version(p, v, false)).toList())
        .isTruncated(false)
        .build();
  }

  Empty deleteVersion(Call call, DeletePolicyVersionRequest in) {
    store.update(
        tx -> {
          ManagedPolicy p = policies.requireOwn(tx, call, in.policyArn());
          requireVersion(p, in.policyArn(), in.versionId());
          if (p.defaultVersion().equals(in.versionId())) {
            throw IamErrors.deleteConflictException(
                "Cannot delete the default version of a policy.");
          }
          policies.save(tx, call, p.withoutVersion(in.versionId()));
        });
    return new Empty();
  }

  Empty setDefault(Call call, SetDefaultPolicyVersionRequest in) {
    store.update(
        tx -> {
          ManagedPolicy p = policies.requireOwn(tx, call, in.policyArn());
          requireVersion(p, in.policyArn(), in.versionId());
          policies.save(tx, call, p.withDefault(in.versionId(), Entities.now(call)));
        });
    return new Empty();
  }

  ListEntitiesForPolicyResponse holders(Call call, ListEntitiesForPolicyRequest in) {
    List<Entity> holding =
        store.read(
            tx -> {
              policies.require(tx, call, in.policyArn());
              return entities.all(tx, call).stream()
                  .filter(e -> e.attached().contains(in.policyArn()))
                  .filter(
                      e -> in.entityFilter() == null || e.kind().title.equals(in.entityFilter()))
                  .toList();
            });
    return ListEntitiesForPolicyResponse.builder()
        .policyUsers(
            of(holding, Kind.USER).stream().map(e -> new PolicyUser(e.name(), e.id())).toList())
        .policyGroups(
            of(holding, Kind.GROUP).stream().map(e -> new PolicyGroup(e.name(), e.id())).toList())
        .policyRoles(
            of(holding, Kind.ROLE).stream().map(e -> new PolicyRole(e.name(), e.id())).toList())
        .isTruncated(false)
        .build();
  }

  private static List<Entity> of(List<Entity> all, Kind kind) {
    return all.stream().filter(e -> e.kind() == kind).toList();
  }

  private long holders(ReadTx tx, Call call, String arn) {
    return entities.all(tx, call).stream()
        .filter(e -> e.attached().contains(arn) || arn.equals(e.boundary()))
        .count();
  }

  private static ManagedPolicy.Version requireVersion(
      ManagedPolicy p, String arn, String versionId) {
    return p.version(versionId)
        .orElseThrow(
            () ->
                IamErrors.noSuchEntityException(
                    "Policy "
                        + arn
                        + " version "
                        + versionId
                        + " does not exist or is not attachable."));
  }

  static PolicyVersion version(ManagedPolicy p, ManagedPolicy.Version v, boolean withDocument) {
    return PolicyVersion.builder()
        .versionId(v.id())
        .isDefaultVersion(v.id().equals(p.defaultVersion()))
        .createDate(v.created())
        .document(withDocument ? UrlEncoded.of(v.document()) : null)
        .build();
  }

  static Policy view(Call call, ManagedPolicy p, List<Entity> holders) {
    String arn = ManagedPolicies.arn(call, p);
    return Policy.builder()
        .policyName(p.name())
        .policyId(p.id())
        .arn(arn)
        .path(p.path())
        .defaultVersionId(p.defaultVersion())
        .attachmentCount((int) holders.stream().filter(e -> e.attached().contains(arn)).count())
        .permissionsBoundaryUsageCount(
            (int) holders.stream().filter(e -> arn.equals(e.boundary())).count())
        .isAttachable(true)
        .description(p.description())
        .createDate(p.created())
        .updateDate(p.updated())
        .tags(p.tags().isEmpty() ? null : TagSet.view(p.tags()))
        .build();
  }
}
