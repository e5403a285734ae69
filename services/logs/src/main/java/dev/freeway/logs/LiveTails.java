package dev.freeway.logs;

import dev.freeway.logs.Chunk.Line;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The live tail sessions that are open. They live as long as their connections, so nothing of them
/// is stored.
final class LiveTails {
  /// AWS's quota for an account.
  private static final int MOST = 15;

  private final Set<LiveTail> open = ConcurrentHashMap.newKeySet();

  /// False when too many are open.
  synchronized boolean add(LiveTail session) {
    long others = open.stream().filter(o -> o.account().equals(session.account())).count();
    return others < MOST && open.add(session);
  }

  void remove(LiveTail session) {
    open.remove(session);
  }

  void kept(Group group, String stream, List<Line> lines, long ingested) {
    for (LiveTail session : open) {
      session.offer(group, stream, lines, ingested);
    }
  }
}
