package dev.freeway.iam;

import dev.freeway.iam.api.DeleteRolePermissionsBoundaryRequest;
import dev.freeway.iam.api.DeleteUserPermissionsBoundaryRequest;
import dev.freeway.iam.api.IamErrors;
import dev.freeway.iam.api.PutRolePermissionsBoundaryRequest;
import dev.freeway.iam.api.PutUserPermissionsBoundaryRequest;
import dev.freeway.platform.Call;
import dev.freeway.store.Store;
import dev.freeway.wire.Structure.Empty;

/// Permissions boundaries of users and roles.
final class Boundaries {
  private final Store store;
  private final Entities entities;
  private final ManagedPolicies policies;

  Boundaries(Store store, Entities entities, ManagedPolicies policies) {
    this.store = store;
    this.entities = entities;
    this.policies = policies;
  }

  Empty putUser(Call call, PutUserPermissionsBoundaryRequest in) {
    return put(call, Kind.USER, in.userName(), in.permissionsBoundary());
  }

  Empty putRole(Call call, PutRolePermissionsBoundaryRequest in) {
    return put(call, Kind.ROLE, in.roleName(), in.permissionsBoundary());
  }

  Empty deleteUser(Call call, DeleteUserPermissionsBoundaryRequest in) {
    return delete(call, Kind.USER, in.userName());
  }

  Empty deleteRole(Call call, DeleteRolePermissionsBoundaryRequest in) {
    return delete(call, Kind.ROLE, in.roleName());
  }

  private Empty put(Call call, Kind kind, String name, String arn) {
    store.update(
        tx -> {
          Entity e = entities.require(tx, call, kind, name);
          policies.requireAttachable(tx, call, arn);
          entities.save(tx, call, e.withBoundary(arn));
        });
    return new Empty();
  }

  private Empty delete(Call call, Kind kind, String name) {
    store.update(
        tx -> {
          Entity e = entities.require(tx, call, kind, name);
          if (e.boundary() == null) {
            throw IamErrors.noSuchEntityException(
                "Cannot find a permissions boundary attached to " + kind.word() + " " + e.name());
          }
          entities.save(tx, call, e.withBoundary(null));
        });
    return new Empty();
  }
}
