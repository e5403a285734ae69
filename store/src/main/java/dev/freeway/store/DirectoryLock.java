package dev.freeway.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The claim of one process on a directory: a lock on the file `lock` in it, which holds the
/// process's id. The system releases it when the process ends, however it ends.
final class DirectoryLock implements AutoCloseable {
  // Locks belong to the process, and closing any channel on the file drops them: a second attempt
  // in this process must not even open it.
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path directory;
  private final FileChannel channel;

  private DirectoryLock(Path directory, FileChannel channel) {
    this.directory = directory;
    this.channel = channel;
  }

  static DirectoryLock acquire(Path directory) throws IOException {
    var real = directory.toRealPath();
    if (!HELD.add(real)) {
      throw new StoreException.InUse(
          directory + " is in use by this process (pid " + ProcessHandle.current().pid() + ")");
    }
    try {
      return new DirectoryLock(real, lock(real.resolve("lock")));
    } catch (Throwable e) {
      HELD.remove(real);
      throw e;
    }
  }

  private static FileChannel lock(Path file) throws IOException {
    var channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() == null) {
        throw new StoreException.InUse(
            file.getParent() + " is in use by another process (pid " + read(channel) + ")");
      }
      channel.truncate(0);
      channel.write(StandardCharsets.UTF_8.encode(Long.toString(ProcessHandle.current().pid())));
      return channel;
    } catch (Throwable e) {
      channel.close();
      throw e;
    }
  }

  private static String read(FileChannel channel) throws IOException {
    var text = ByteBuffer.allocate(32);
    channel.read(text, 0);
    var pid = StandardCharsets.UTF_8.decode(text.flip()).toString();
    return pid.isEmpty() ? "unknown" : pid;
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      HELD.remove(directory);
    }
  }
}
