package dev.freeway.containers.sandbox;

import dev.freeway.containers.Container;
import dev.freeway.containers.ExitStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// A container as this process knows it. The files are the truth; this saves looking.
final class Entry {
  final Record record;
  final StateFiles files;
  final CompletableFuture<ExitStatus> exit = new CompletableFuture<>();
  volatile boolean started;
  volatile boolean removed;
  private volatile @Nullable Pids pids;

  Entry(Record record, StateFiles files) {
    this.record = record;
    this.files = files;
    this.started = Files.exists(directory().resolve("started"));
  }

  String id() {
    return record.spec().id();
  }

  Path directory() {
    return files.container(id());
  }

  @Nullable Pids pids() throws IOException {
    if (pids == null) {
      pids = Pids.read(directory());
    }
    return pids;
  }

  boolean exited() {
    return exit.isDone();
  }

  /// Completes [#exit] when the supervisor has left word.
  boolean noticeExit() throws IOException {
    if (exit.isDone()) {
      return true;
    }
    try {
      var lines = Files.readString(files.exit(id())).split("\n", -1);
      exit.complete(
          new ExitStatus(
              Integer.parseInt(lines[0]),
              lines[1].equals("1"),
              lines[3],
              Instant.EPOCH.plus(Long.parseLong(lines[2]), ChronoUnit.MICROS)));
      return true;
    } catch (NoSuchFileException stillRunning) {
      return false;
    }
  }

  /// For a container whose supervisor is gone without a word: killed, or the machine went down.
  void declareLost(String reason) throws IOException {
    if (!noticeExit()) {
      var micros = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
      StateFiles.publish(directory().resolve("exit"), "137\n0\n" + micros + "\n" + reason + "\n");
      Files.move(
          directory().resolve("exit"),
          files.exit(id()),
          java.nio.file.StandardCopyOption.ATOMIC_MOVE);
      noticeExit();
    }
  }

  Container view() throws IOException {
    Container.State state;
    if (noticeExit()) {
      state = new Container.State.Exited(exit.join());
    } else if (started) {
      var known = pids();
      state = new Container.State.Running(known == null ? record.createdAt() : known.startedAt());
    } else {
      state = new Container.State.Created();
    }
    var spec = record.spec();
    return new Container(
        id(),
        spec.sandbox(),
        spec.name(),
        spec.labels(),
        record.image(),
        record.imageDigest(),
        record.createdAt(),
        state);
  }
}
