package dev.freeway.iam;

import dev.freeway.iam.api.AttachGroupPolicyRequest;
import dev.freeway.iam.api.AttachRolePolicyRequest;
import dev.freeway.iam.api.AttachUserPolicyRequest;
import dev.freeway.iam.api.AttachedPolicy;
import dev.freeway.iam.api.DetachGroupPolicyRequest;
import dev.freeway.iam.api.DetachRolePolicyRequest;
import dev.freeway.iam.api.DetachUserPolicyRequest;
import dev.freeway.iam.api.IamErrors;
import dev.freeway.iam.api.ListAttachedGroupPoliciesRequest;
import dev.freeway.iam.api.ListAttachedGroupPoliciesResponse;
import dev.freeway.iam.api.ListAttachedRolePoliciesRequest;
import dev.freeway.iam.api.ListAttachedRolePoliciesResponse;
import dev.freeway.iam.api.ListAttachedUserPoliciesRequest;
import dev.freeway.iam.api.ListAttachedUserPoliciesResponse;
import dev.freeway.platform.Call;
import dev.freeway.store.Store;
import dev.freeway.wire.Structure.Empty;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Managed policies attached to users, groups and roles.
final class Attachments {
  private static final int MAX = 10;

  private final Store store;
  private final Entities entities;
  private final ManagedPolicies policies;

  Attachments(Store store, Entities entities, ManagedPolicies policies) {
    this.store = store;
    this.entities = entities;
    this.policies = policies;
  }

  Empty attachUser(Call call, AttachUserPolicyRequest in) {
    return attach(call, Kind.USER, in.userName(), in.policyArn());
  }

  Empty detachUser(Call call, DetachUserPolicyRequest in) {
    return detach(call, Kind.USER, in.userName(), in.policyArn());
  }

  ListAttachedUserPoliciesResponse listUser(Call call, ListAttachedUserPoliciesRequest in) {
    var page = list(call, Kind.USER, in.userName(), in.pathPrefix(), in.marker(), in.maxItems());
    return ListAttachedUserPoliciesResponse.builder()
        .attachedPolicies(page.page().items())
        .isTruncated(page.truncated())
        .marker(page.marker())
        .build();
  }

  Empty attachGroup(Call call, AttachGroupPolicyRequest in) {
    return attach(call, Kind.GROUP, in.groupName(), in.policyArn());
  }

  Empty detachGroup(Call call, DetachGroupPolicyRequest in) {
    return detach(call, Kind.GROUP, in.groupName(), in.policyArn());
  }

  ListAttachedGroupPoliciesResponse listGroup(Call call, ListAttachedGroupPoliciesRequest in) {
    var page = list(call, Kind.GROUP, in.groupName(), in.pathPrefix(), in.marker(), in.maxItems());
    return ListAttachedGroupPoliciesResponse.builder()
        .attachedPolicies(page.page().items())
        .isTruncated(page.truncated())
        .marker(page.marker())
        .build();
  }

  Empty attachRole(Call call, AttachRolePolicyRequest in) {
    return attach(call, Kind.ROLE, in.roleName(), in.policyArn());
  }

  Empty detachRole(Call call, DetachRolePolicyRequest in) {
    return detach(call, Kind.ROLE, in.roleName(), in.policyArn());
  }

  ListAttachedRolePoliciesResponse listRole(Call call, ListAttachedRolePoliciesRequest in) {
    var page = list(call, Kind.ROLE, in.roleName(), in.pathPrefix(), in.marker(), in.maxItems());
    return ListAttachedRolePoliciesResponse.builder()
        .attachedPolicies(page.page().items())
        .isTruncated(page.truncated())
        .marker(page.marker())
        .build();
  }

  private Empty attach(Call call, Kind kind, String holder, String arn) {
    store.update(
        tx -> {
          Entity e = entities.require(tx, call, kind, holder);
          if (kind == Kind.ROLE) {
            Roles.checkOrdinary(e);
          }
          policies.requireAttachable(tx, call, arn);
          if (e.attached().contains(arn)) {
            return;
          }
          if (e.attached().size() >= MAX) {
            throw IamErrors.limitExceededException(
                "Cannot exceed quota for PoliciesPer" + kind.title + ": " + MAX);
          }
          List<String> all = new ArrayList<>(e.attached());
          all.add(arn);
          entities.save(tx, call, e.withAttached(all));
        });
    return new Empty();
  }

  private Empty detach(Call call, Kind kind, String holder, String arn) {
    store.update(
        tx -> {
          Entity e = entities.require(tx, call, kind, holder);
          if (kind == Kind.ROLE) {
            Roles.checkOrdinary(e);
          }
          if (!e.attached().contains(arn)) {
            throw IamErrors.noSuchEntityException("Policy " + arn + " was not found.");
          }
          entities.save(tx, call, e.withoutAttached(arn));
        });
    return new Empty();
  }

  private Pages<AttachedPolicy> list(
      Call call,
      Kind kind,
      String holder,
      @Nullable String pathPrefix,
      @Nullable String marker,
      @Nullable Integer max) {
    String prefix = pathPrefix == null ? "/" : pathPrefix;
    Entity e = store.read(tx -> entities.require(tx, call, kind, holder));
    List<AttachedPolicy> all =
        e.attached().stream()
            .filter(arn -> path(arn).startsWith(prefix))
            .map(arn -> new AttachedPolicy(arn.substring(arn.lastIndexOf('/') + 1), arn))
            .sorted(Comparator.comparing(AttachedPolicy::policyArn))
            .toList();
    return Pages.of(all, AttachedPolicy::policyArn, marker, max);
  }

  private static String path(String arn) {
    return arn.substring(arn.indexOf(":policy/") + ":policy".length(), arn.lastIndexOf('/') + 1);
  }
}
