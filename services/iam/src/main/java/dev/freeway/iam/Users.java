package dev.freeway.iam;

import dev.freeway.iam.api.CreateUserRequest;
import dev.freeway.iam.api.CreateUserResponse;
import dev.freeway.iam.api.DeleteUserRequest;
import dev.freeway.iam.api.GetUserRequest;
import dev.freeway.iam.api.GetUserResponse;
import dev.freeway.iam.api.IamErrors;
import dev.freeway.iam.api.ListSigningCertificatesRequest;
import dev.freeway.iam.api.ListSigningCertificatesResponse;
import dev.freeway.iam.api.ListUsersRequest;
import dev.freeway.iam.api.ListUsersResponse;
import dev.freeway.iam.api.UpdateUserRequest;
import dev.freeway.iam.api.User;
import dev.freeway.platform.Call;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Store;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.Structure.Empty;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Users: created, read, renamed, deleted.
final class Users {
  private final Store store;
  private final Entities entities;
  private final ManagedPolicies policies;
  private final AccessKeys keys;
  private final List<Belonging> belongings;

  Users(
      Store store,
      Entities entities,
      ManagedPolicies policies,
      AccessKeys keys,
      List<Belonging> belongings) {
    this.store = store;
    this.entities = entities;
    this.policies = policies;
    this.keys = keys;
    this.belongings = belongings;
  }

  CreateUserResponse create(Call call, CreateUserRequest in) {
    Entity fresh =
        Entities.fresh(call, Kind.USER, in.userName(), in.path(), TagSet.of(in.tags()), null)
            .withBoundary(in.permissionsBoundary());
    store.update(
        tx -> {
          policies.requireAttachable(tx, call, in.permissionsBoundary());
          entities.create(tx, call, fresh);
        });
    return CreateUserResponse.builder().user(view(call, fresh)).build();
  }

  GetUserResponse get(Call call, GetUserRequest in) {
    if (in.userName() == null && call.principal().arn().endsWith(":root")) {
      User root =
          User.builder()
              .userId(call.account())
              .arn(call.principal().arn())
              .createDate(Instant.EPOCH)
              .build();
      return GetUserResponse.builder().user(root).build();
    }
    Entity user = store.read(tx -> require(tx, call, entities, in.userName()));
    return GetUserResponse.builder().user(view(call, user)).build();
  }

  ListUsersResponse list(Call call, ListUsersRequest in) {
    String prefix = in.pathPrefix() == null ? "/" : in.pathPrefix();
    var all =
        store.read(tx -> entities.all(tx, call, Kind.USER)).stream()
            .filter(u -> u.path().startsWith(prefix))
            .toList();
    var page = Pages.of(all, u -> Entities.folded(u.name()), in.marker(), in.maxItems());
    return ListUsersResponse.builder()
        .users(
            page.map(u -> view(call, u).toBuilder().tags(null).permissionsBoundary(null).build()))
        .isTruncated(page.truncated())
        .marker(page.marker())
        .build();
  }

  Empty update(Call call, UpdateUserRequest in) {
    store.update(
        tx -> {
          Entity before = entities.require(tx, call, Kind.USER, in.userName());
          Names.check("newUserName", in.newUserName() == null ? before.name() : in.newUserName());
          Entity after =
              before.named(
                  in.newUserName() == null ? before.name() : in.newUserName(),
                  in.newPath() == null ? before.path() : in.newPath());
          if (after.name().equalsIgnoreCase(before.name())) {
            entities.save(tx, call, after);
          } else {
            entities.create(tx, call, after);
            entities.delete(tx, call, before);
          }
          keys.follow(tx, call, after);
        });
    return new Empty();
  }

  Empty delete(Call call, DeleteUserRequest in) {
    store.update(
        tx -> {
          Entity user = entities.require(tx, call, Kind.USER, in.userName());
          if (!user.groups().isEmpty()) {
            throw IamErrors.deleteConflictException(
                "Cannot delete entity, must remove users from group first.");
          }
          HeldPolicies.checkNone(user);
          for (Belonging b : belongings) {
            if (b.exists(tx, call, user)) {
              throw IamErrors.deleteConflictException(
                  "Cannot delete entity, must delete " + b.words() + " first.");
            }
          }
          entities.delete(tx, call, user);
        });
    return new Empty();
  }

  /// None: they signed SOAP requests, which AWS no longer takes. Clients ask before they delete a
  /// user.
  ListSigningCertificatesResponse certificates(Call call, ListSigningCertificatesRequest in) {
    store.read(tx -> require(tx, call, entities, in.userName()));
    return ListSigningCertificatesResponse.builder()
        .certificates(List.of())
        .isTruncated(false)
        .build();
  }

  /// The user named, or the one who calls.
  static Entity require(ReadTx tx, Call call, Entities entities, @Nullable String name) {
    if (name != null) {
      return entities.require(tx, call, Kind.USER, name);
    }
    String arn = call.principal().arn();
    if (!arn.contains(":user/")) {
      throw AwsException.client(
          "ValidationError", "Must specify userName when calling with non-User credentials");
    }
    return entities.require(tx, call, Kind.USER, arn.substring(arn.lastIndexOf('/') + 1));
  }

  static User view(Call call, Entity u) {
    return User.builder()
        .path(u.path())
        .userName(u.name())
        .userId(u.id())
        .arn(u.arn(call.account()))
        .createDate(u.created())
        .permissionsBoundary(Roles.boundary(u))
        .tags(u.tags().isEmpty() ? null : TagSet.view(u.tags()))
        .build();
  }
}
