package dev.freeway.iam;

import dev.freeway.iam.api.DeleteGroupPolicyRequest;
import dev.freeway.iam.api.DeleteRolePolicyRequest;
import dev.freeway.iam.api.DeleteUserPolicyRequest;
import dev.freeway.iam.api.GetGroupPolicyRequest;
import dev.freeway.iam.api.GetGroupPolicyResponse;
import dev.freeway.iam.api.GetRolePolicyRequest;
import dev.freeway.iam.api.GetRolePolicyResponse;
import dev.freeway.iam.api.GetUserPolicyRequest;
import dev.freeway.iam.api.GetUserPolicyResponse;
import dev.freeway.iam.api.IamErrors;
import dev.freeway.iam.api.ListGroupPoliciesRequest;
import dev.freeway.iam.api.ListGroupPoliciesResponse;
import dev.freeway.iam.api.ListRolePoliciesRequest;
import dev.freeway.iam.api.ListRolePoliciesResponse;
import dev.freeway.iam.api.ListUserPoliciesRequest;
import dev.freeway.iam.api.ListUserPoliciesResponse;
import dev.freeway.iam.api.PutGroupPolicyRequest;
import dev.freeway.iam.api.PutRolePolicyRequest;
import dev.freeway.iam.api.PutUserPolicyRequest;
import dev.freeway.platform.Call;
import dev.freeway.store.Store;
import dev.freeway.wire.Structure.Empty;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Policies that are part of one user, group or role.
final class InlinePolicies {
  // Characters that are no white space, over all policies of one holder.
  private static final Map<Kind, Integer> QUOTA =
      Map.of(Kind.USER, 2048, Kind.GROUP, 5120, Kind.ROLE, 10240);

  private final Store store;
  private final Entities entities;

  InlinePolicies(Store store, Entities entities) {
    this.store = store;
    this.entities = entities;
  }

  Empty putUser(Call call, PutUserPolicyRequest in) {
    return put(call, Kind.USER, in.userName(), in.policyName(), in.policyDocument());
  }

  GetUserPolicyResponse getUser(Call call, GetUserPolicyRequest in) {
    Entity e = read(call, Kind.USER, in.userName());
    return GetUserPolicyResponse.builder()
        .userName(e.name())
        .policyName(in.policyName())
        .policyDocument(UrlEncoded.of(document(e, in.policyName())))
        .build();
  }

  ListUserPoliciesResponse listUser(Call call, ListUserPoliciesRequest in) {
    var page = names(read(call, Kind.USER, in.userName()), in.marker(), in.maxItems());
    return ListUserPoliciesResponse.builder()
        .policyNames(page.page().items())
        .isTruncated(page.truncated())
        .marker(page.marker())
        .build();
  }

  Empty deleteUser(Call call, DeleteUserPolicyRequest in) {
    return delete(call, Kind.USER, in.userName(), in.policyName());
  }

  Empty putGroup(Call call, PutGroupPolicyRequest in) {
    return put(call, Kind.GROUP, in.groupName(), in.policyName(), in.policyDocument());
  }

  GetGroupPolicyResponse getGroup(Call call, GetGroupPolicyRequest in) {
    Entity e = read(call, Kind.GROUP, in.groupName());
    return GetGroupPolicyResponse.builder()
        .groupName(e.name())
        .policyName(in.policyName())
        .policyDocument(UrlEncoded.of(document(e, in.policyName())))
        .build();
  }

  ListGroupPoliciesResponse listGroup(Call call, ListGroupPoliciesRequest in) {
    var page = names(read(call, Kind.GROUP, in.groupName()), in.marker(), in.maxItems());
    return ListGroupPoliciesResponse.builder()
        .policyNames(page.page().items())
        .isTruncated(page.truncated())
        .marker(page.marker())
        .build();
  }

  Empty deleteGroup(Call call, DeleteGroupPolicyRequest in) {
    return delete(call, Kind.GROUP, in.groupName(), in.policyName());
  }

  Empty putRole(Call call, PutRolePolicyRequest in) {
    return put(call, Kind.ROLE, in.roleName(), in.policyName(), in.policyDocument());
  }

  GetRolePolicyResponse getRole(Call call, GetRolePolicyRequest in) {
    Entity e = read(call, Kind.ROLE, in.roleName());
    return GetRolePolicyResponse.builder()
        .roleName(e.name())
        .policyName(in.policyName())
        .policyDocument(UrlEncoded.of(document(e, in.policyName())))
        .build();
  }

  ListRolePoliciesResponse listRole(Call call, ListRolePoliciesRequest in) {
    var page = names(read(call, Kind.ROLE, in.roleName()), in.marker(), in.maxItems());
    return ListRolePoliciesResponse.builder()
        .policyNames(page.page().items())
        .isTruncated(page.truncated())
        .marker(page.marker())
        .build();
  }

  Empty deleteRole(Call call, DeleteRolePolicyRequest in) {
    return delete(call, Kind.ROLE, in.roleName(), in.policyName());
  }

  private Empty put(Call call, Kind kind, String holder, String name, String document) {
    Names.check("policyName", name);
    PolicyDocument.checkPermissions(document);
    store.update(
        tx -> {
          Entity e = entities.require(tx, call, kind, holder);
          checkOrdinary(e);
          Map<String, String> all = new TreeMap<>(e.inline());
          all.put(name, document);
          int quota = Objects.requireNonNull(QUOTA.get(kind));
          if (all.values().stream().mapToInt(PolicyDocument::size).sum() > quota) {
            throw IamErrors.limitExceededException(
                "Maximum policy size of "
                    + quota
                    + " bytes exceeded for "
                    + kind.word()
                    + " "
                    + e.name());
          }
          entities.save(tx, call, e.withInline(all));
        });
    return new Empty();
  }

  private Empty delete(Call call, Kind kind, String holder, String name) {
    store.update(
        tx -> {
          Entity e = entities.require(tx, call, kind, holder);
          checkOrdinary(e);
          document(e, name);
          Map<String, String> rest = new TreeMap<>(e.inline());
          rest.remove(name);
          entities.save(tx, call, e.withInline(rest));
        });
    return new Empty();
  }

  private static void checkOrdinary(Entity e) {
    if (e.kind() == Kind.ROLE) {
      Roles.checkOrdinary(e);
    }
  }

  private Entity read(Call call, Kind kind, String holder) {
    return store.read(tx -> entities.require(tx, call, kind, holder));
  }

  private static String document(Entity e, String name) {
    String document = e.inline().get(name);
    if (document == null) {
      throw IamErrors.noSuchEntityException(
          "The " + e.kind().word() + " policy with name " + name + " cannot be found.");
    }
    return document;
  }

  private static Pages<String> names(Entity e, @Nullable String marker, @Nullable Integer max) {
    return Pages.of(List.copyOf(e.inline().keySet()), n -> n, marker, max);
  }
}
