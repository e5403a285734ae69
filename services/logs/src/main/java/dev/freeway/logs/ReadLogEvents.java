package dev.freeway.logs;

import dev.freeway.logs.Chunk.Line;
import dev.freeway.logs.api.*;
import dev.freeway.logs.pattern.FilterPattern;
import dev.freeway.platform.Call;
import dev.freeway.platform.Page;
import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Store;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// GetLogEvents: one stream, a window that moves either way. FilterLogEvents: many streams, by
/// pattern.
final class ReadLogEvents {
  private static final int PAGE = 10_000;

  private final Store store;
  private final LogGroups groups;
  private final LogStreams streams;

  ReadLogEvents(Store store, LogGroups groups, LogStreams streams) {
    this.store = store;
    this.groups = groups;
    this.streams = streams;
  }

  /// An event with its place among all events: time, then arrival.
  private record Placed(String stream, Line line, long ingested, String chunk, int index) {
    String order() {
      return Key.number(Math.max(0, line.at())) + "-" + chunk + "-" + Key.number(index);
    }
  }

  GetLogEventsResponse get(Call call, GetLogEventsRequest in) {
    List<Placed> all =
        store.read(
            tx -> {
              Group group = groups.require(tx, call, in.logGroupName(), in.logGroupIdentifier());
              streams.require(tx, group, in.logStreamName());
              return events(tx, group, in.logStreamName(), in.startTime(), in.endTime());
            });
    all.sort(Comparator.comparing(Placed::order));
    int limit = in.limit() == null ? PAGE : in.limit();
    int from;
    int to;
    String token = in.nextToken();
    if (token == null) {
      boolean head = Boolean.TRUE.equals(in.startFromHead());
      from = head ? 0 : Math.max(0, all.size() - limit);
      to = Math.min(all.size(), from + limit);
    } else if (token.startsWith("f/")) {
      from = firstAfter(all, token.substring(2));
      to = Math.min(all.size(), from + limit);
    } else if (token.startsWith("b/")) {
      to = firstNotBefore(all, token.substring(2));
      from = Math.max(0, to - limit);
    } else {
      throw GroupOperations.badToken();
    }
    List<Placed> shown = all.subList(from, to);
    // A window at the end answers its own token again: clients stop when it no longer changes.
    String forward =
        to > 0
            ? "f/" + all.get(to - 1).order()
            : token != null && token.startsWith("f/") ? token : "f/";
    String backward =
        from < all.size()
            ? "b/" + all.get(from).order()
            : token != null && token.startsWith("b/") ? token : "b/" + forward.substring(2);
    return GetLogEventsResponse.builder()
        .events(
            shown.stream()
                .map(p -> new OutputLogEvent(p.line().at(), p.line().text(), p.ingested()))
                .toList())
        .nextForwardToken(forward)
        .nextBackwardToken(backward)
        .build();
  }

  private static int firstAfter(List<Placed> all, String order) {
    int i = 0;
    while (i < all.size() && all.get(i).order().compareTo(order) <= 0) {
      i++;
    }
    return i;
  }

  private static int firstNotBefore(List<Placed> all, String order) {
    int i = 0;
    while (i < all.size() && all.get(i).order().compareTo(order) < 0) {
      i++;
    }
    return i;
  }

  FilterLogEventsResponse filter(Call call, FilterLogEventsRequest in) {
    if (in.logStreamNames() != null && in.logStreamNamePrefix() != null) {
      throw LogsErrors.invalidParameterException(
          "Either logStreamNames or logStreamNamePrefix can be given, not both.");
    }
    FilterPattern pattern;
    try {
      pattern = FilterPattern.parse(in.filterPattern() == null ? "" : in.filterPattern());
    } catch (IllegalArgumentException e) {
      throw LogsErrors.invalidParameterException("Invalid filter pattern: " + e.getMessage());
    }
    List<Placed> found =
        store.read(
            tx -> {
              Group group = groups.require(tx, call, in.logGroupName(), in.logGroupIdentifier());
              List<Placed> all = new ArrayList<>();
              for (String stream : chosen(tx, group, in)) {
                events(
                        tx,
                        group,
                        stream,
                        in.startTime(),
                        in.endTime() == null ? null : in.endTime() + 1)
                    .stream()
                    .filter(p -> pattern.matches(p.line().text()))
                    .forEach(all::add);
              }
              return all;
            });
    found.sort(Comparator.comparing(Placed::order));
    var page =
        Page.of(found, Placed::order, in.nextToken(), in.limit(), PAGE, GroupOperations.badToken());
    return FilterLogEventsResponse.builder()
        .events(page.map(ReadLogEvents::view))
        .searchedLogStreams(List.of())
        .nextToken(page.nextToken())
        .build();
  }

  private static FilteredLogEvent view(Placed p) {
    return FilteredLogEvent.builder()
        .logStreamName(p.stream())
        .timestamp(p.line().at())
        .message(p.line().text())
        .ingestionTime(p.ingested())
        .eventId(Key.number(Math.max(0, p.line().at())) + p.chunk() + Key.number(p.index()))
        .build();
  }

  private List<String> chosen(ReadTx tx, Group group, FilterLogEventsRequest in) {
    if (in.logStreamNames() != null) {
      in.logStreamNames().forEach(s -> streams.require(tx, group, s));
      return in.logStreamNames();
    }
    String prefix = in.logStreamNamePrefix() == null ? "" : in.logStreamNamePrefix();
    return streams.startingWith(tx, group, prefix).stream().map(Stream::name).toList();
  }

  /// @param start inclusive, or null
  /// @param end exclusive, or null
  private List<Placed> events(
      ReadTx tx, Group group, String stream, @Nullable Long start, @Nullable Long end) {
    List<Placed> all = new ArrayList<>();
    for (Row<Chunk> row : streams.chunks(tx, group, stream)) {
      Chunk c = row.value();
      if (start != null && c.last() < start || end != null && c.first() >= end) {
        continue;
      }
      String[] key = Key.parts(row.key());
      for (int i = 0; i < c.lines().size(); i++) {
        Line line = c.lines().get(i);
        if ((start == null || line.at() >= start) && (end == null || line.at() < end)) {
          all.add(new Placed(stream, line, c.ingested(), key[key.length - 1], i));
        }
      }
    }
    return all;
  }
}
