package dev.freeway.iam;

import dev.freeway.iam.api.*;
import dev.freeway.platform.Call;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Store;
import dev.freeway.wire.Structure.Empty;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Groups and who is in them.
final class Groups {
  private static final int MAX_PER_USER = 10;

  private final Store store;
  private final Entities entities;

  Groups(Store store, Entities entities) {
    this.store = store;
    this.entities = entities;
  }

  CreateGroupResponse create(Call call, CreateGroupRequest in) {
    Entity fresh = Entities.fresh(call, Kind.GROUP, in.groupName(), in.path(), Map.of(), null);
    store.update(tx -> entities.create(tx, call, fresh));
    return CreateGroupResponse.builder().group(view(call, fresh)).build();
  }

  GetGroupResponse get(Call call, GetGroupRequest in) {
    return store.read(
        tx -> {
          Entity group = entities.require(tx, call, Kind.GROUP, in.groupName());
          var page =
              Pages.of(
                  members(tx, call, group),
                  u -> Entities.folded(u.name()),
                  in.marker(),
                  in.maxItems());
          return GetGroupResponse.builder()
              .group(view(call, group))
              .users(page.map(u -> Users.view(call, u)))
              .isTruncated(page.truncated())
              .marker(page.marker())
              .build();
        });
  }

  ListGroupsResponse list(Call call, ListGroupsRequest in) {
    String prefix = in.pathPrefix() == null ? "/" : in.pathPrefix();
    var all =
        store.read(tx -> entities.all(tx, call, Kind.GROUP)).stream()
            .filter(g -> g.path().startsWith(prefix))
            .toList();
    var page = Pages.of(all, g -> Entities.folded(g.name()), in.marker(), in.maxItems());
    return ListGroupsResponse.builder()
        .groups(page.map(g -> view(call, g)))
        .isTruncated(page.truncated())
        .marker(page.marker())
        .build();
  }

  ListGroupsForUserResponse listForUser(Call call, ListGroupsForUserRequest in) {
    var all =
        store.read(
            tx ->
                entities.require(tx, call, Kind.USER, in.userName()).groups().stream()
                    .sorted()
                    .map(n -> entities.require(tx, call, Kind.GROUP, n))
                    .toList());
    var page = Pages.of(all, g -> Entities.folded(g.name()), in.marker(), in.maxItems());
    return ListGroupsForUserResponse.builder()
        .groups(page.map(g -> view(call, g)))
        .isTruncated(page.truncated())
        .marker(page.marker())
        .build();
  }

  Empty update(Call call, UpdateGroupRequest in) {
    store.update(
        tx -> {
          Entity before = entities.require(tx, call, Kind.GROUP, in.groupName());
          Entity after =
              before.named(
                  in.newGroupName() == null ? before.name() : in.newGroupName(),
                  in.newPath() == null ? before.path() : in.newPath());
          List<Entity> members = members(tx, call, before);
          if (after.name().equalsIgnoreCase(before.name())) {
            entities.save(tx, call, after);
          } else {
            entities.create(tx, call, after);
            entities.delete(tx, call, before);
          }
          for (Entity u : members) {
            List<String> groups = new ArrayList<>(u.groups());
            groups.replaceAll(n -> n.equals(before.name()) ? after.name() : n);
            entities.save(tx, call, u.withGroups(groups));
          }
        });
    return new Empty();
  }

  Empty delete(Call call, DeleteGroupRequest in) {
    store.update(
        tx -> {
          Entity group = entities.require(tx, call, Kind.GROUP, in.groupName());
          if (!members(tx, call, group).isEmpty()) {
            throw IamErrors.deleteConflictException(
                "Cannot delete entity, must remove users from group first.");
          }
          HeldPolicies.checkNone(group);
          entities.delete(tx, call, group);
        });
    return new Empty();
  }

  Empty addUser(Call call, AddUserToGroupRequest in) {
    store.update(
        tx -> {
          Entity group = entities.require(tx, call, Kind.GROUP, in.groupName());
          Entity user = entities.require(tx, call, Kind.USER, in.userName());
          if (user.groups().contains(group.name())) {
            return;
          }
          if (user.groups().size() >= MAX_PER_USER) {
            throw IamErrors.limitExceededException(
                "Cannot exceed quota for GroupsPerUser: " + MAX_PER_USER);
          }
          List<String> all = new ArrayList<>(user.groups());
          all.add(group.name());
          entities.save(tx, call, user.withGroups(all));
        });
    return new Empty();
  }

  Empty removeUser(Call call, RemoveUserFromGroupRequest in) {
    store.update(
        tx -> {
          Entity group = entities.require(tx, call, Kind.GROUP, in.groupName());
          Entity user = entities.require(tx, call, Kind.USER, in.userName());
          List<String> rest = new ArrayList<>(user.groups());
          rest.remove(group.name());
          entities.save(tx, call, user.withGroups(rest));
        });
    return new Empty();
  }

  private List<Entity> members(ReadTx tx, Call call, Entity group) {
    return entities.all(tx, call, Kind.USER).stream()
        .filter(u -> u.groups().contains(group.name()))
        .toList();
  }

  static Group view(Call call, Entity g) {
    return Group.builder()
        .path(g.path())
        .groupName(g.name())
        .groupId(g.id())
        .arn(g.arn(call.account()))
        .createDate(g.created())
        .build();
  }
}
