package dev.freeway.logs;

import dev.freeway.logs.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Page;
import dev.freeway.platform.Platform;
import dev.freeway.wire.Structure;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Log groups: create, delete, describe, and how long they keep what they have.
final class GroupOperations {
  private static final int PAGE = 50;
  private static final Set<Integer> DAYS =
      Set.of(
          1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557,
          2922, 3288, 3653);

  private final Platform platform;
  private final LogGroups groups;
  private final LogStreams streams;

  private final MetricFeed feed;
  private final GroupKeys keys;

  GroupOperations(Platform platform, LogGroups groups, LogStreams streams, MetricFeed feed) {
    this.feed = feed;
    this.platform = platform;
    this.keys = new GroupKeys(platform);
    this.groups = groups;
    this.streams = streams;
  }

  Structure.Empty create(Call call, CreateLogGroupRequest in) {
    if (in.kmsKeyId() != null) {
      keys.check(call, in.kmsKeyId(), in.logGroupName());
    }
    platform
        .store()
        .update(
            tx -> {
              if (groups.find(tx, call.scope(), in.logGroupName()).isPresent()) {
                throw LogsErrors.resourceAlreadyExistsException(
                    "The specified log group already exists");
              }
              String groupClass = in.logGroupClass() == null ? "STANDARD" : in.logGroupClass();
              Map<String, String> tags = in.tags() == null ? Map.of() : in.tags();
              groups.save(
                  tx,
                  new Group(
                      call.scope(),
                      in.logGroupName(),
                      call.at().toEpochMilli(),
                      null,
                      in.kmsKeyId(),
                      groupClass,
                      tags,
                      Boolean.TRUE.equals(in.deletionProtectionEnabled())));
            });
    return new Structure.Empty();
  }

  Structure.Empty delete(Call call, DeleteLogGroupRequest in) {
    platform
        .store()
        .update(
            tx -> {
              Group group = groups.require(tx, call.scope(), in.logGroupName());
              if (group.deletionProtected()) {
                throw LogsErrors.validationException(
                    "The log group is protected from deletion: switch its deletion protection off first");
              }
              streams.deleteAll(tx, group);
              MetricFilters.deleteAll(tx, group);
              SubscriptionFilters.deleteAll(tx, group);
              tx.afterCommit(() -> feed.forget(group));
              groups.delete(tx, group);
            });
    return new Structure.Empty();
  }

  DescribeLogGroupsResponse describe(Call call, DescribeLogGroupsRequest in) {
    if (in.logGroupNamePrefix() != null && in.logGroupNamePattern() != null) {
      throw LogsErrors.invalidParameterException(
          "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.");
    }
    String prefix = in.logGroupNamePrefix() == null ? "" : in.logGroupNamePrefix();
    return platform
        .store()
        .read(
            tx -> {
              List<Group> all =
                  groups.startingWith(tx, call.scope(), prefix).stream()
                      .filter(
                          g ->
                              in.logGroupNamePattern() == null
                                  || g.name().contains(in.logGroupNamePattern()))
                      .filter(
                          g ->
                              in.logGroupIdentifiers() == null
                                  || in.logGroupIdentifiers().stream()
                                      .map(LogGroups::nameOf)
                                      .anyMatch(g.name()::equals))
                      .toList();
              var page = Page.of(all, Group::name, in.nextToken(), in.limit(), PAGE, badToken());
              return DescribeLogGroupsResponse.builder()
                  .logGroups(page.map(g -> view(tx, g)))
                  .nextToken(page.nextToken())
                  .build();
            });
  }

  /// By a pattern of names and by class.
  ListLogGroupsResponse list(Call call, ListLogGroupsRequest in) {
    Pattern pattern = pattern(in.logGroupNamePattern());
    List<Group> all =
        platform.store().read(tx -> groups.startingWith(tx, call.scope(), "")).stream()
            .filter(g -> pattern.matcher(g.name()).find())
            .filter(g -> in.logGroupClass() == null || in.logGroupClass().equals(g.groupClass()))
            .toList();
    var page = Page.of(all, Group::name, in.nextToken(), in.limit(), PAGE, badToken());
    return ListLogGroupsResponse.builder()
        .logGroups(page.map(g -> new LogGroupSummary(g.name(), g.arn(), g.groupClass())))
        .nextToken(page.nextToken())
        .build();
  }

  /// Names, or `^` and their start, joined by `|`.
  private static Pattern pattern(@Nullable String given) {
    return Pattern.compile(
        given == null
            ? ""
            : Arrays.stream(given.split("\\|"))
                .map(
                    p -> p.startsWith("^") ? "^" + Pattern.quote(p.substring(1)) : Pattern.quote(p))
                .collect(Collectors.joining("|")));
  }

  private LogGroup view(dev.freeway.store.ReadTx tx, Group g) {
    return LogGroup.builder()
        .logGroupName(g.name())
        .creationTime(g.created())
        .retentionInDays(g.retentionInDays())
        .metricFilterCount(MetricFilters.count(tx, g))
        .arn(g.arn() + ":*")
        .logGroupArn(g.arn())
        .storedBytes(streams.startingWith(tx, g, "").stream().mapToLong(Stream::bytes).sum())
        .kmsKeyId(g.kmsKeyId())
        .logGroupClass(g.groupClass())
        .deletionProtectionEnabled(g.deletionProtected())
        .build();
  }

  Structure.Empty protect(Call call, PutLogGroupDeletionProtectionRequest in) {
    return change(
        call,
        LogGroups.nameOf(in.logGroupIdentifier()),
        g -> g.withDeletionProtection(in.deletionProtectionEnabled()));
  }

  Structure.Empty associate(Call call, AssociateKmsKeyRequest in) {
    String name = keyed(in.logGroupName(), in.resourceIdentifier());
    keys.check(call, in.kmsKeyId(), name);
    return change(call, name, g -> g.withKey(in.kmsKeyId()));
  }

  Structure.Empty disassociate(Call call, DisassociateKmsKeyRequest in) {
    return change(call, keyed(in.logGroupName(), in.resourceIdentifier()), g -> g.withKey(null));
  }

  private static String keyed(@Nullable String name, @Nullable String resource) {
    if ((name == null) == (resource == null)) {
      throw LogsErrors.invalidParameterException(
          "Exactly one of logGroupName and resourceIdentifier must be given.");
    }
    if (name != null) {
      return name;
    }
    if (!resource.contains(":log-group:")) {
      throw LogsErrors.invalidParameterException(
          "Freeway has no query results whose key could be changed: " + resource);
    }
    return LogGroups.nameOf(resource);
  }

  private Structure.Empty change(Call call, String name, UnaryOperator<Group> how) {
    platform
        .store()
        .update(tx -> groups.save(tx, how.apply(groups.require(tx, call.scope(), name))));
    return new Structure.Empty();
  }

  Structure.Empty retain(Call call, PutRetentionPolicyRequest in) {
    if (!DAYS.contains(in.retentionInDays())) {
      throw LogsErrors.invalidParameterException(
          "Invalid retentionInDays value: " + in.retentionInDays());
    }
    return retention(call, in.logGroupName(), in.retentionInDays());
  }

  Structure.Empty keepForever(Call call, DeleteRetentionPolicyRequest in) {
    return retention(call, in.logGroupName(), null);
  }

  private Structure.Empty retention(Call call, String name, @Nullable Integer days) {
    platform
        .store()
        .update(
            tx -> {
              Group group = groups.require(tx, call.scope(), name).withRetention(days);
              groups.save(tx, group);
              platform.flow().wake(tx, Retention.KIND, LogGroups.key(group));
            });
    return new Structure.Empty();
  }

  static dev.freeway.wire.AwsException badToken() {
    return LogsErrors.invalidParameterException("The specified nextToken is invalid.");
  }
}
