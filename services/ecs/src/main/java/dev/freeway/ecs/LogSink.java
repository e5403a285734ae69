package dev.freeway.ecs;

import dev.freeway.platform.Scope;
import java.util.List;

/// Where log lines go. Methods throw [dev.freeway.wire.AwsException].
interface LogSink {
  /// A stream of a group.
  record Stream(Scope scope, String group, String name) {}

  /// @param at milliseconds since the epoch
  record Event(long at, String message) {}

  /// Does nothing when there is one.
  void createGroup(Stream stream);

  /// Does nothing when there is one.
  void createStream(Stream stream);

  void put(Stream stream, List<Event> events);

  /// The latest events, oldest first.
  List<Event> tail(Stream stream, int limit);
}
