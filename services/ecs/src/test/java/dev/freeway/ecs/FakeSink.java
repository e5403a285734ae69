package dev.freeway.ecs;

import dev.freeway.wire.AwsException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Log streams in memory.
final class FakeSink implements LogSink {
  private final Set<String> groups = new HashSet<>();
  private final List<Event> events = new ArrayList<>();

  @Override
  public synchronized void createGroup(Stream stream) {
    groups.add(stream.group());
  }

  @Override
  public synchronized void createStream(Stream stream) {
    if (!groups.contains(stream.group())) {
      throw AwsException.client(
          "ResourceNotFoundException", "The specified log group does not exist.");
    }
  }

  @Override
  public synchronized void put(Stream stream, List<Event> more) {
    events.addAll(more);
  }

  @Override
  public synchronized List<Event> tail(Stream stream, int limit) {
    return List.copyOf(events.subList(Math.max(0, events.size() - limit), events.size()));
  }

  synchronized List<String> messages() {
    return events.stream().map(Event::message).toList();
  }
}
