package dev.freeway.ecs;

import dev.freeway.ecs.uses.s3.PutObjectRequest;
import dev.freeway.ecs.uses.s3.S3Api;
import dev.freeway.platform.Platform;
import dev.freeway.sessions.Transcript;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.Body;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A transcript in a file until its session is over; then it goes where the cluster says, whole.
final class SessionLog implements Transcript {
  private static final System.Logger LOG = System.getLogger(SessionLog.class.getName());

  /// Of one batch to CloudWatch Logs, which takes 1 MiB with 26 bytes more for each event.
  private static final int BATCH_BYTES = 512 * 1024;

  private static final int BATCH_EVENTS = 5000;
  private static final int LONGEST_LINE = 64 * 1024;

  private final Platform platform;
  private final LogSink sink;
  private final SessionLogs.Destination to;
  private final Path file;
  private @Nullable OutputStream out;

  SessionLog(Platform platform, LogSink sink, SessionLogs.Destination to, Path file) {
    this.platform = platform;
    this.sink = sink;
    this.to = to;
    this.file = file;
    try {
      Files.createDirectories(file.getParent());
      out = new BufferedOutputStream(Files.newOutputStream(file));
      write("Script started on " + platform.clock().instant() + "\n");
    } catch (IOException e) {
      failed(e);
    }
  }

  private void failed(Exception e) {
    out = null;
    LOG.log(Level.WARNING, "the transcript " + file.getFileName() + " is not kept: " + e);
  }

  private void write(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (out != null) {
      out.write(bytes);
    }
  }

  @Override
  public void shown(byte[] bytes, int length) {
    try {
      if (out != null) {
        out.write(bytes, 0, length);
      }
    } catch (IOException e) {
      failed(e);
    }
  }

  @Override
  public void ended(int code) {
    Instant now = platform.clock().instant();
    try {
      write("\nScript done on %s [COMMAND_EXIT_CODE=\"%d\"]\n".formatted(now, code));
      if (out != null) {
        out.close();
        toLogs(now);
        toBucket();
      }
    } catch (IOException | AwsException e) {
      failed(e);
    } finally {
      delete();
    }
  }

  private void delete() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot delete " + file, e);
    }
  }

  private void toLogs(Instant now) throws IOException {
    LogSink.Stream stream = to.stream();
    if (stream == null) {
      return;
    }
    to.need("logs:CreateLogStream", "logs:PutLogEvents");
    sink.createStream(stream);
    List<LogSink.Event> batch = new ArrayList<>();
    int bytes = 0;
    try (var lines = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
      for (String raw = lines.readLine(); raw != null; raw = lines.readLine()) {
        String cut = raw.length() > LONGEST_LINE ? raw.substring(0, LONGEST_LINE) : raw;
        // Any bytes may be shown: read as they are, and what is no UTF-8 is replaced.
        String line = new String(cut.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        if (line.isEmpty()) {
          continue;
        }
        batch.add(new LogSink.Event(now.toEpochMilli(), line));
        bytes += cut.length() + 26;
        if (bytes > BATCH_BYTES || batch.size() >= BATCH_EVENTS) {
          sink.put(stream, batch);
          batch = new ArrayList<>();
          bytes = 0;
        }
      }
    }
    if (!batch.isEmpty()) {
      sink.put(stream, batch);
    }
  }

  private void toBucket() throws IOException {
    String bucket = to.bucket();
    if (bucket == null) {
      return;
    }
    to.need("s3:PutObject");
    try (InputStream in = Files.newInputStream(file)) {
      platform
          .clients()
          .call(
              platform.background(to.scope(), "ecs-tasks"),
              S3Api.PUT_OBJECT,
              PutObjectRequest.builder()
                  .bucket(bucket)
                  .key(to.key())
                  .contentType("text/plain")
                  .body(Body.of(in, Files.size(file)))
                  .build());
    }
  }
}
