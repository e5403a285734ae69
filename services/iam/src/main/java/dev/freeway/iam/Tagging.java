package dev.freeway.iam;

import dev.freeway.iam.api.ListInstanceProfileTagsRequest;
import dev.freeway.iam.api.ListInstanceProfileTagsResponse;
import dev.freeway.iam.api.ListPolicyTagsRequest;
import dev.freeway.iam.api.ListPolicyTagsResponse;
import dev.freeway.iam.api.ListRoleTagsRequest;
import dev.freeway.iam.api.ListRoleTagsResponse;
import dev.freeway.iam.api.ListUserTagsRequest;
import dev.freeway.iam.api.ListUserTagsResponse;
import dev.freeway.iam.api.TagInstanceProfileRequest;
import dev.freeway.iam.api.TagPolicyRequest;
import dev.freeway.iam.api.TagRoleRequest;
import dev.freeway.iam.api.TagUserRequest;
import dev.freeway.iam.api.UntagInstanceProfileRequest;
import dev.freeway.iam.api.UntagPolicyRequest;
import dev.freeway.iam.api.UntagRoleRequest;
import dev.freeway.iam.api.UntagUserRequest;
import dev.freeway.platform.Call;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Store;
import dev.freeway.wire.Structure.Empty;
import java.util.Map;
import java.util.function.UnaryOperator;

/// Tags of roles, users, managed policies and instance profiles.
final class Tagging {
  private final Store store;
  private final Entities entities;
  private final ManagedPolicies policies;
  private final InstanceProfiles profiles;

  Tagging(Store store, Entities entities, ManagedPolicies policies, InstanceProfiles profiles) {
    this.store = store;
    this.entities = entities;
    this.policies = policies;
    this.profiles = profiles;
  }

  Empty tagRole(Call call, TagRoleRequest in) {
    role(call, in.roleName(), tags -> TagSet.merge(tags, in.tags()));
    return new Empty();
  }

  Empty untagRole(Call call, UntagRoleRequest in) {
    role(call, in.roleName(), tags -> TagSet.without(tags, in.tagKeys()));
    return new Empty();
  }

  ListRoleTagsResponse listRole(Call call, ListRoleTagsRequest in) {
    Map<String, String> tags = store.read(tx -> role(tx, call, in.roleName()).tags());
    var page = Pages.of(TagSet.view(tags), t -> t.key(), in.marker(), in.maxItems());
    return ListRoleTagsResponse.builder()
        .tags(page.page().items())
        .isTruncated(page.truncated())
        .marker(page.marker())
        .build();
  }

  Empty tagUser(Call call, TagUserRequest in) {
    user(call, in.userName(), tags -> TagSet.merge(tags, in.tags()));
    return new Empty();
  }

  Empty untagUser(Call call, UntagUserRequest in) {
    user(call, in.userName(), tags -> TagSet.without(tags, in.tagKeys()));
    return new Empty();
  }

  ListUserTagsResponse listUser(Call call, ListUserTagsRequest in) {
    Map<String, String> tags = store.read(tx -> user(tx, call, in.userName()).tags());
    var page = Pages.of(TagSet.view(tags), t -> t.key(), in.marker(), in.maxItems());
    return ListUserTagsResponse.builder()
        .tags(page.page().items())
        .isTruncated(page.truncated())
        .marker(page.marker())
        .build();
  }

  Empty tagPolicy(Call call, TagPolicyRequest in) {
    policy(call, in.policyArn(), tags -> TagSet.merge(tags, in.tags()));
    return new Empty();
  }

  Empty untagPolicy(Call call, UntagPolicyRequest in) {
    policy(call, in.policyArn(), tags -> TagSet.without(tags, in.tagKeys()));
    return new Empty();
  }

  ListPolicyTagsResponse listPolicy(Call call, ListPolicyTagsRequest in) {
    Map<String, String> tags = store.read(tx -> policies.require(tx, call, in.policyArn()).tags());
    var page = Pages.of(TagSet.view(tags), t -> t.key(), in.marker(), in.maxItems());
    return ListPolicyTagsResponse.builder()
        .tags(page.page().items())
        .isTruncated(page.truncated())
        .marker(page.marker())
        .build();
  }

  Empty tagInstanceProfile(Call call, TagInstanceProfileRequest in) {
    profile(call, in.instanceProfileName(), tags -> TagSet.merge(tags, in.tags()));
    return new Empty();
  }

  Empty untagInstanceProfile(Call call, UntagInstanceProfileRequest in) {
    profile(call, in.instanceProfileName(), tags -> TagSet.without(tags, in.tagKeys()));
    return new Empty();
  }

  ListInstanceProfileTagsResponse listInstanceProfile(
      Call call, ListInstanceProfileTagsRequest in) {
    Map<String, String> tags =
        store.read(tx -> profiles.require(tx, call, in.instanceProfileName()).tags());
    var page = Pages.of(TagSet.view(tags), t -> t.key(), in.marker(), in.maxItems());
    return ListInstanceProfileTagsResponse.builder()
        .tags(page.page().items())
        .isTruncated(page.truncated())
        .marker(page.marker())
        .build();
  }

  private Entity role(ReadTx tx, Call call, String name) {
    return entities.require(tx, call, Kind.ROLE, name);
  }

  private Entity user(ReadTx tx, Call call, String name) {
    return entities.require(tx, call, Kind.USER, name);
  }

  private void role(Call call, String name, UnaryOperator<Map<String, String>> to) {
    entity(call, Kind.ROLE, name, to);
  }

  private void user(Call call, String name, UnaryOperator<Map<String, String>> to) {
    entity(call, Kind.USER, name, to);
  }

  private void entity(Call call, Kind kind, String name, UnaryOperator<Map<String, String>> to) {
    store.update(
        tx -> {
          Entity e = entities.require(tx, call, kind, name);
          entities.save(tx, call, e.withTags(to.apply(e.tags())));
        });
  }

  private void policy(Call call, String arn, UnaryOperator<Map<String, String>> to) {
    store.update(
        tx -> {
          ManagedPolicy p = policies.requireOwn(tx, call, arn);
          policies.save(tx, call, p.withTags(to.apply(p.tags())));
        });
  }

  private void profile(Call call, String name, UnaryOperator<Map<String, String>> to) {
    store.update(
        tx -> {
          InstanceProfiles.Profile p = profiles.require(tx, call, name);
          profiles.save(tx, call, p.withTags(to.apply(p.tags())));
        });
  }
}
