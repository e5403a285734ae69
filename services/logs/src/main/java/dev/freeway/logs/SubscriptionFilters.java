package dev.freeway.logs;

import dev.freeway.logs.Chunk.Line;
import dev.freeway.logs.api.DeleteSubscriptionFilterRequest;
import dev.freeway.logs.api.DescribeSubscriptionFiltersRequest;
import dev.freeway.logs.api.DescribeSubscriptionFiltersResponse;
import dev.freeway.logs.api.LogsErrors;
import dev.freeway.logs.api.PutSubscriptionFilterRequest;
import dev.freeway.logs.api.SubscriptionFilter;
import dev.freeway.logs.pattern.FilterPattern;
import dev.freeway.platform.Arn;
import dev.freeway.platform.Call;
import dev.freeway.platform.Page;
import dev.freeway.platform.Platform;
import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.Structure;
import java.util.List;

/// Subscription filters: matching events go to a Lambda function as they come.
final class SubscriptionFilters {
  private static final Table<SubscriptionFilter> TABLE =
      new Table<>("logs_subscription_filters", SubscriptionFilter.class);
  private static final int MOST = 2;
  private static final int PAGE = 50;

  private final Platform platform;
  private final LogGroups groups;
  private final SubscriptionDelivery delivery;

  SubscriptionFilters(Platform platform, LogGroups groups) {
    this.platform = platform;
    this.groups = groups;
    this.delivery = new SubscriptionDelivery(platform);
  }

  SubscriptionDelivery delivery() {
    return delivery;
  }

  Structure.Empty put(Call call, PutSubscriptionFilterRequest in) {
    parse(in.filterPattern());
    Arn target =
        Arn.parse(in.destinationArn())
            .filter(a -> a.service().equals("lambda"))
            .orElseThrow(
                () ->
                    LogsErrors.invalidParameterException(
                        "Freeway delivers log events to Lambda functions only, not to "
                            + in.destinationArn()));
    Group into = platform.store().read(tx -> groups.require(tx, call.scope(), in.logGroupName()));
    if (into.name().equals("/aws/lambda/" + target.resource().split(":")[1])) {
      throw LogsErrors.invalidParameterException(
          "The log group provided is reserved for the function logs of the destination function.");
    }
    try {
      delivery.invoke(into.scope(), into.name(), in.destinationArn(), "DryRun", new byte[0]);
    } catch (AwsException e) {
      throw LogsErrors.invalidParameterException(
          "Could not execute the lambda function. Make sure you have given CloudWatch Logs permission to execute your function.");
    }
    platform
        .store()
        .update(
            tx -> {
              Group group = groups.require(tx, call.scope(), in.logGroupName());
              List<SubscriptionFilter> others =
                  all(tx, group).stream()
                      .filter(f -> !f.filterName().equals(in.filterName()))
                      .toList();
              if (others.size() >= MOST) {
                throw LogsErrors.limitExceededException("Resource limit exceeded.");
              }
              SubscriptionFilter filter =
                  SubscriptionFilter.builder()
                      .filterName(in.filterName())
                      .logGroupName(group.name())
                      .filterPattern(in.filterPattern())
                      .destinationArn(in.destinationArn())
                      .roleArn(in.roleArn())
                      .distribution(in.distribution() == null ? "ByLogStream" : in.distribution())
                      .creationTime(call.at().toEpochMilli())
                      .build();
              tx.put(TABLE, group.scope().key(group.name(), in.filterName()), filter);
            });
    return new Structure.Empty();
  }

  DescribeSubscriptionFiltersResponse describe(Call call, DescribeSubscriptionFiltersRequest in) {
    String prefix = in.filterNamePrefix() == null ? "" : in.filterNamePrefix();
    List<Row<SubscriptionFilter>> rows =
        platform
            .store()
            .read(
                tx -> {
                  groups.require(tx, call.scope(), in.logGroupName());
                  return tx.scan(TABLE, call.key(in.logGroupName(), prefix));
                });
    var page =
        Page.of(rows, Row::key, in.nextToken(), in.limit(), PAGE, GroupOperations.badToken());
    return new DescribeSubscriptionFiltersResponse(page.map(Row::value), page.nextToken());
  }

  Structure.Empty delete(Call call, DeleteSubscriptionFilterRequest in) {
    platform
        .store()
        .update(
            tx -> {
              Group group = groups.require(tx, call.scope(), in.logGroupName());
              if (!tx.delete(TABLE, group.scope().key(group.name(), in.filterName()))) {
                throw LogsErrors.resourceNotFoundException(
                    "The specified subscription filter does not exist.");
              }
            });
    return new Structure.Empty();
  }

  /// In the transaction that keeps the lines.
  void feed(Tx tx, Group group, String stream, List<Line> lines) {
    for (SubscriptionFilter f : all(tx, group)) {
      FilterPattern pattern = parse(f.filterPattern());
      List<Line> wanted = lines.stream().filter(l -> pattern.matches(l.text())).toList();
      if (!wanted.isEmpty()) {
        delivery.add(tx, group, stream, f, wanted);
      }
    }
  }

  private static List<SubscriptionFilter> all(ReadTx tx, Group group) {
    return tx.scan(TABLE, prefix(group)).stream().map(Row::value).toList();
  }

  private static String prefix(Group group) {
    return Key.prefix(group.scope().account(), group.scope().region(), group.name());
  }

  static void deleteAll(Tx tx, Group group) {
    tx.deletePrefix(TABLE, prefix(group));
  }

  private static FilterPattern parse(String text) {
    try {
      return FilterPattern.parse(text);
    } catch (IllegalArgumentException e) {
      throw LogsErrors.invalidParameterException("Invalid filter pattern: " + e.getMessage());
    }
  }
}
