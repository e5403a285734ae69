package dev.freeway.logs;

import dev.freeway.logs.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Page;
import dev.freeway.store.Key;
import dev.freeway.store.Store;
import dev.freeway.wire.Structure;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/// Log streams: create, delete, describe.
final class StreamOperations {
  private static final int PAGE = 50;

  private final Store store;
  private final LogGroups groups;
  private final LogStreams streams;

  StreamOperations(Store store, LogGroups groups, LogStreams streams) {
    this.store = store;
    this.groups = groups;
    this.streams = streams;
  }

  Structure.Empty create(Call call, CreateLogStreamRequest in) {
    store.update(
        tx -> {
          Group group = groups.require(tx, call.scope(), in.logGroupName());
          if (streams.find(tx, group, in.logStreamName()).isPresent()) {
            throw LogsErrors.resourceAlreadyExistsException(
                "The specified log stream already exists");
          }
          streams.save(
              tx,
              group,
              new Stream(in.logStreamName(), call.at().toEpochMilli(), null, null, null, 0));
        });
    return new Structure.Empty();
  }

  Structure.Empty delete(Call call, DeleteLogStreamRequest in) {
    store.update(
        tx -> {
          Group group = groups.require(tx, call.scope(), in.logGroupName());
          streams.require(tx, group, in.logStreamName());
          streams.delete(tx, group, in.logStreamName());
        });
    return new Structure.Empty();
  }

  private record Placed(String order, Stream stream) {}

  DescribeLogStreamsResponse describe(Call call, DescribeLogStreamsRequest in) {
    boolean byTime = "LastEventTime".equals(in.orderBy());
    if (byTime && in.logStreamNamePrefix() != null) {
      throw LogsErrors.invalidParameterException(
          "Cannot order by LastEventTime with a logStreamNamePrefix.");
    }
    String prefix = in.logStreamNamePrefix() == null ? "" : in.logStreamNamePrefix();
    return store.read(
        tx -> {
          Group group = groups.require(tx, call, in.logGroupName(), in.logGroupIdentifier());
          List<Stream> all = new ArrayList<>(streams.startingWith(tx, group, prefix));
          if (byTime) {
            all.sort(Comparator.comparingLong(s -> s.lastEvent() == null ? 0 : s.lastEvent()));
          }
          if (Boolean.TRUE.equals(in.descending())) {
            Collections.reverse(all);
          }
          List<Placed> placed = new ArrayList<>();
          all.forEach(s -> placed.add(new Placed(Key.number(placed.size()), s)));
          var page =
              Page.of(
                  placed,
                  Placed::order,
                  in.nextToken(),
                  in.limit(),
                  PAGE,
                  GroupOperations.badToken());
          return DescribeLogStreamsResponse.builder()
              .logStreams(page.map(p -> view(group, p.stream())))
              .nextToken(page.nextToken())
              .build();
        });
  }

  private static LogStream view(Group group, Stream s) {
    return LogStream.builder()
        .logStreamName(s.name())
        .creationTime(s.created())
        .firstEventTimestamp(s.firstEvent())
        .lastEventTimestamp(s.lastEvent())
        .lastIngestionTime(s.lastIngestion())
        .arn(group.arn() + ":log-stream:" + s.name())
        .storedBytes(0L)
        .build();
  }
}
