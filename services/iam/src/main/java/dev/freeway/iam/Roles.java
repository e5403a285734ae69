package dev.freeway.iam;

import dev.freeway.iam.api.AttachedPermissionsBoundary;
import dev.freeway.iam.api.CreateRoleRequest;
import dev.freeway.iam.api.CreateRoleResponse;
import dev.freeway.iam.api.DeleteRoleRequest;
import dev.freeway.iam.api.GetRoleRequest;
import dev.freeway.iam.api.GetRoleResponse;
import dev.freeway.iam.api.IamErrors;
import dev.freeway.iam.api.ListRolesRequest;
import dev.freeway.iam.api.ListRolesResponse;
import dev.freeway.iam.api.Role;
import dev.freeway.iam.api.RoleLastUsed;
import dev.freeway.iam.api.UpdateAssumeRolePolicyRequest;
import dev.freeway.iam.api.UpdateRoleDescriptionRequest;
import dev.freeway.iam.api.UpdateRoleDescriptionResponse;
import dev.freeway.iam.api.UpdateRoleRequest;
import dev.freeway.iam.api.UpdateRoleResponse;
import dev.freeway.platform.Call;
import dev.freeway.store.Store;
import dev.freeway.wire.Structure.Empty;
import org.jspecify.annotations.Nullable;

/// Roles: created, read, changed, deleted.
final class Roles {
  private static final int DEFAULT_SESSION = 3600;

  private final Store store;
  private final Entities entities;
  private final ManagedPolicies policies;
  private final InstanceProfiles profiles;

  Roles(Store store, Entities entities, ManagedPolicies policies, InstanceProfiles profiles) {
    this.store = store;
    this.entities = entities;
    this.policies = policies;
    this.profiles = profiles;
  }

  CreateRoleResponse create(Call call, CreateRoleRequest in) {
    PolicyDocument.checkTrust(in.assumeRolePolicyDocument());
    Entity.Trust trust =
        new Entity.Trust(
            in.assumeRolePolicyDocument(),
            in.description(),
            in.maxSessionDuration() == null ? DEFAULT_SESSION : in.maxSessionDuration());
    Entity fresh =
        Entities.fresh(call, Kind.ROLE, in.roleName(), in.path(), TagSet.of(in.tags()), trust)
            .withBoundary(in.permissionsBoundary());
    store.update(
        tx -> {
          policies.requireAttachable(tx, call, in.permissionsBoundary());
          entities.create(tx, call, fresh);
        });
    return CreateRoleResponse.builder().role(view(call, fresh)).build();
  }

  GetRoleResponse get(Call call, GetRoleRequest in) {
    Entity role = store.read(tx -> entities.require(tx, call, Kind.ROLE, in.roleName()));
    Role view = view(call, role).toBuilder().roleLastUsed(RoleLastUsed.builder().build()).build();
    return GetRoleResponse.builder().role(view).build();
  }

  ListRolesResponse list(Call call, ListRolesRequest in) {
    String prefix = in.pathPrefix() == null ? "/" : in.pathPrefix();
    var all =
        store.read(tx -> entities.all(tx, call, Kind.ROLE)).stream()
            .filter(r -> r.path().startsWith(prefix))
            .toList();
    var page = Pages.of(all, r -> Entities.folded(r.name()), in.marker(), in.maxItems());
    // Lists leave tags and boundary out, as AWS does.
    return ListRolesResponse.builder()
        .roles(
            page.map(r -> view(call, r).toBuilder().tags(null).permissionsBoundary(null).build()))
        .isTruncated(page.truncated())
        .marker(page.marker())
        .build();
  }

  Empty delete(Call call, DeleteRoleRequest in) {
    store.update(
        tx -> {
          Entity role = entities.require(tx, call, Kind.ROLE, in.roleName());
          checkOrdinary(role);
          if (!profiles.ofRole(tx, call, role.name()).isEmpty()) {
            throw IamErrors.deleteConflictException(
                "Cannot delete entity, must remove roles from instance profile first.");
          }
          HeldPolicies.checkNone(role);
          entities.delete(tx, call, role);
        });
    return new Empty();
  }

  UpdateRoleResponse update(Call call, UpdateRoleRequest in) {
    change(call, in.roleName(), in.description(), in.maxSessionDuration(), null);
    return UpdateRoleResponse.builder().build();
  }

  UpdateRoleDescriptionResponse describe(Call call, UpdateRoleDescriptionRequest in) {
    Entity role = change(call, in.roleName(), in.description(), null, null);
    return UpdateRoleDescriptionResponse.builder().role(view(call, role)).build();
  }

  Empty updateTrust(Call call, UpdateAssumeRolePolicyRequest in) {
    PolicyDocument.checkTrust(in.policyDocument());
    change(call, in.roleName(), null, null, in.policyDocument());
    return new Empty();
  }

  private Entity change(
      Call call,
      String name,
      @Nullable String description,
      @Nullable Integer maxSession,
      @Nullable String document) {
    return store.write(
        tx -> {
          Entity role = entities.require(tx, call, Kind.ROLE, name);
          if (document != null) {
            checkOrdinary(role);
          }
          Entity.Trust t = trust(role);
          Entity changed =
              role.withTrust(
                  new Entity.Trust(
                      document == null ? t.document() : document,
                      description == null ? t.description() : description,
                      maxSession == null ? t.maxSessionDuration() : maxSession));
          entities.save(tx, call, changed);
          return changed;
        });
  }

  /// Service-linked roles belong to their service.
  static void checkOrdinary(Entity role) {
    if (role.path().startsWith("/aws-service-role/")) {
      String[] parts = role.path().split("/");
      throw IamErrors.unmodifiableEntityException(
          "Cannot perform the operation on the protected role '"
              + role.name()
              + "' - this role is only modifiable by AWS"
              + (parts.length > 2 ? " (" + parts[2] + ")" : ""));
    }
  }

  private static Entity.Trust trust(Entity role) {
    Entity.Trust t = role.trust();
    if (t == null) {
      throw new IllegalStateException("role " + role.name() + " is stored without trust policy");
    }
    return t;
  }

  static Role view(Call call, Entity r) {
    Entity.Trust t = trust(r);
    return Role.builder()
        .path(r.path())
        .roleName(r.name())
        .roleId(r.id())
        .arn(r.arn(call.account()))
        .createDate(r.created())
        .assumeRolePolicyDocument(UrlEncoded.of(t.document()))
        .description(t.description())
        .maxSessionDuration(t.maxSessionDuration())
        .permissionsBoundary(boundary(r))
        .tags(r.tags().isEmpty() ? null : TagSet.view(r.tags()))
        .build();
  }

  static @Nullable AttachedPermissionsBoundary boundary(Entity e) {
    return e.boundary() == null ? null : new AttachedPermissionsBoundary("Policy", e.boundary());
  }
}
