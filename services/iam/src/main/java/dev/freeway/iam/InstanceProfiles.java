package dev.freeway.iam;

import dev.freeway.iam.api.AddRoleToInstanceProfileRequest;
import dev.freeway.iam.api.CreateInstanceProfileRequest;
import dev.freeway.iam.api.CreateInstanceProfileResponse;
import dev.freeway.iam.api.DeleteInstanceProfileRequest;
import dev.freeway.iam.api.GetInstanceProfileRequest;
import dev.freeway.iam.api.GetInstanceProfileResponse;
import dev.freeway.iam.api.IamErrors;
import dev.freeway.iam.api.InstanceProfile;
import dev.freeway.iam.api.ListInstanceProfilesForRoleRequest;
import dev.freeway.iam.api.ListInstanceProfilesForRoleResponse;
import dev.freeway.iam.api.ListInstanceProfilesRequest;
import dev.freeway.iam.api.ListInstanceProfilesResponse;
import dev.freeway.iam.api.RemoveRoleFromInstanceProfileRequest;
import dev.freeway.iam.api.Role;
import dev.freeway.platform.Call;
import dev.freeway.platform.Ids;
import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Store;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import dev.freeway.wire.Structure.Empty;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Instance profiles: a role in the form that an instance takes.
final class InstanceProfiles {
  /// @param role its name; a profile holds one at most
  record Profile(
      String name,
      String path,
      String id,
      Instant created,
      Map<String, String> tags,
      @Nullable String role) {
    Profile withRole(@Nullable String other) {
      return new Profile(name, path, id, created, tags, other);
    }

    Profile withTags(Map<String, String> all) {
      return new Profile(name, path, id, created, all, role);
    }
  }

  private static final Table<Profile> TABLE = new Table<>("iam_instance_profiles", Profile.class);

  private final Store store;
  private final Entities entities;

  InstanceProfiles(Store store, Entities entities) {
    this.store = store;
    this.entities = entities;
  }

  CreateInstanceProfileResponse create(Call call, CreateInstanceProfileRequest in) {
    Names.check("instanceProfileName", in.instanceProfileName());
    Profile fresh =
        new Profile(
            in.instanceProfileName(),
            in.path() == null ? "/" : in.path(),
            "AIPA" + Ids.base32(17),
            Entities.now(call),
            TagSet.of(in.tags()),
            null);
    InstanceProfile view =
        store.write(
            tx -> {
              if (!tx.insertIfAbsent(TABLE, key(call, fresh.name), fresh)) {
                throw IamErrors.entityAlreadyExistsException(
                    "Instance Profile " + fresh.name + " already exists.");
              }
              return view(tx, call, fresh);
            });
    return CreateInstanceProfileResponse.builder().instanceProfile(view).build();
  }

  GetInstanceProfileResponse get(Call call, GetInstanceProfileRequest in) {
    InstanceProfile view =
        store.read(tx -> view(tx, call, require(tx, call, in.instanceProfileName())));
    return GetInstanceProfileResponse.builder().instanceProfile(view).build();
  }

  ListInstanceProfilesResponse list(Call call, ListInstanceProfilesRequest in) {
    String prefix = in.pathPrefix() == null ? "/" : in.pathPrefix();
    var all =
        store.read(
            tx ->
                all(tx, call).stream()
                    .filter(p -> p.path.startsWith(prefix))
                    .map(p -> view(tx, call, p))
                    .toList());
    var page = page(all, in.marker(), in.maxItems());
    return ListInstanceProfilesResponse.builder()
        .instanceProfiles(page.page().items())
        .isTruncated(page.truncated())
        .marker(page.marker())
        .build();
  }

  ListInstanceProfilesForRoleResponse listForRole(
      Call call, ListInstanceProfilesForRoleRequest in) {
    var all =
        store.read(
            tx -> {
              Entity role = entities.require(tx, call, Kind.ROLE, in.roleName());
              return ofRole(tx, call, role.name()).stream().map(p -> view(tx, call, p)).toList();
            });
    var page = page(all, in.marker(), in.maxItems());
    return ListInstanceProfilesForRoleResponse.builder()
        .instanceProfiles(page.page().items())
        .isTruncated(page.truncated())
        .marker(page.marker())
        .build();
  }

  Empty addRole(Call call, AddRoleToInstanceProfileRequest in) {
    store.update(
        tx -> {
          Profile p = require(tx, call, in.instanceProfileName());
          Entity role = entities.require(tx, call, Kind.ROLE, in.roleName());
          if (p.role != null) {
            throw IamErrors.limitExceededException(
                "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1");
          }
          save(tx, call, p.withRole(role.name()));
        });
    return new Empty();
  }

  Empty removeRole(Call call, RemoveRoleFromInstanceProfileRequest in) {
    store.update(
        tx -> {
          Profile p = require(tx, call, in.instanceProfileName());
          if (!in.roleName().equalsIgnoreCase(p.role)) {
            throw IamErrors.noSuchEntityException(
                "The role with name " + in.roleName() + " cannot be found.");
          }
          save(tx, call, p.withRole(null));
        });
    return new Empty();
  }

  Empty delete(Call call, DeleteInstanceProfileRequest in) {
    store.update(
        tx -> {
          Profile p = require(tx, call, in.instanceProfileName());
          if (p.role != null) {
            throw IamErrors.deleteConflictException(
                "Cannot delete entity, must remove roles from instance profile first.");
          }
          tx.delete(TABLE, key(call, p.name));
        });
    return new Empty();
  }

  Profile require(ReadTx tx, Call call, String name) {
    return tx.get(TABLE, key(call, name))
        .orElseThrow(
            () ->
                IamErrors.noSuchEntityException("Instance Profile " + name + " cannot be found."));
  }

  void save(Tx tx, Call call, Profile p) {
    tx.put(TABLE, key(call, p.name), p);
  }

  List<InstanceProfile> views(ReadTx tx, Call call, String role) {
    return ofRole(tx, call, role).stream().map(p -> view(tx, call, p)).toList();
  }

  List<Profile> ofRole(ReadTx tx, Call call, String role) {
    return all(tx, call).stream().filter(p -> role.equalsIgnoreCase(p.role)).toList();
  }

  List<Profile> all(ReadTx tx, Call call) {
    return tx.scan(TABLE, Key.prefix(call.account())).stream().map(Row::value).toList();
  }

  private static Pages<InstanceProfile> page(
      List<InstanceProfile> all, @Nullable String marker, @Nullable Integer max) {
    return Pages.of(all, p -> Entities.folded(p.instanceProfileName()), marker, max);
  }

  private InstanceProfile view(ReadTx tx, Call call, Profile p) {
    List<Role> roles =
        p.role == null
            ? List.of()
            : entities.find(tx, call, Kind.ROLE, p.role).map(r -> Roles.view(call, r)).stream()
                .toList();
    return InstanceProfile.builder()
        .path(p.path)
        .instanceProfileName(p.name)
        .instanceProfileId(p.id)
        .arn("arn:aws:iam::" + call.account() + ":instance-profile" + p.path + p.name)
        .createDate(p.created)
        .roles(roles)
        .tags(p.tags.isEmpty() ? null : TagSet.view(p.tags))
        .build();
  }

  private static String key(Call call, String name) {
    return Key.of(call.account(), Entities.folded(name));
  }
}
