package dev.freeway.logs;

import dev.freeway.logs.api.LogsErrors;
import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import java.util.List;
import java.util.Optional;

/// Storage of streams and their events.
final class LogStreams {
  private static final Table<Stream> STREAMS = new Table<>("logs_streams", Stream.class);
  private static final Table<Chunk> CHUNKS = new Table<>("logs_chunks", Chunk.class);

  Optional<Stream> find(ReadTx tx, Group group, String name) {
    return tx.get(STREAMS, key(group, name));
  }

  Stream require(ReadTx tx, Group group, String name) {
    return find(tx, group, name)
        .orElseThrow(
            () -> LogsErrors.resourceNotFoundException("The specified log stream does not exist."));
  }

  void save(Tx tx, Group group, Stream stream) {
    tx.put(STREAMS, key(group, stream.name()), stream);
  }

  List<Stream> startingWith(ReadTx tx, Group group, String prefix) {
    return tx.scan(STREAMS, key(group, prefix)).stream().map(Row::value).toList();
  }

  void append(Tx tx, Group group, Stream stream, Chunk chunk) {
    long number = tx.next("logs_chunks");
    tx.put(CHUNKS, key(group, stream.name(), Key.number(number)), chunk);
    save(tx, group, stream.with(chunk));
  }

  /// In the order of arrival.
  List<Row<Chunk>> chunks(ReadTx tx, Group group, String stream) {
    return tx.scan(CHUNKS, prefix(group, stream));
  }

  void deleteChunk(Tx tx, String key) {
    tx.delete(CHUNKS, key);
  }

  void delete(Tx tx, Group group, String stream) {
    tx.delete(STREAMS, key(group, stream));
    tx.deletePrefix(CHUNKS, prefix(group, stream));
  }

  void deleteAll(Tx tx, Group group) {
    tx.deletePrefix(
        STREAMS, Key.prefix(group.scope().account(), group.scope().region(), group.name()));
    tx.deletePrefix(
        CHUNKS, Key.prefix(group.scope().account(), group.scope().region(), group.name()));
  }

  private static String key(Group group, String... parts) {
    String[] all = new String[parts.length + 1];
    all[0] = group.name();
    System.arraycopy(parts, 0, all, 1, parts.length);
    return group.scope().key(all);
  }

  private static String prefix(Group group, String stream) {
    return Key.prefix(group.scope().account(), group.scope().region(), group.name(), stream);
  }
}
