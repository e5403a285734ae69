package dev.freeway.logs;

import org.jspecify.annotations.Nullable;

/// A log stream and what is known of its events without reading them.
record Stream(
    String name,
    long created,
    @Nullable Long firstEvent,
    @Nullable Long lastEvent,
    @Nullable Long lastIngestion,
    long bytes) {

  Stream with(Chunk chunk) {
    return new Stream(
        name,
        created,
        firstEvent == null ? chunk.first() : Long.valueOf(Math.min(firstEvent, chunk.first())),
        lastEvent == null ? chunk.last() : Long.valueOf(Math.max(lastEvent, chunk.last())),
        chunk.ingested(),
        bytes + chunk.bytes());
  }
}
