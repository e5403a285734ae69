package dev.freeway.codebuild;

import dev.freeway.codebuild.api.S3LogsConfig;
import dev.freeway.platform.Call;
import dev.freeway.wire.AwsException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/// A build's log as one compressed object of S3, for projects that want that: collected in the
/// workspace, put when the build is over.
record S3Log(BuildMachine machine, Bucket bucket) {
  private static final Logger LOG = System.getLogger(S3Log.class.getName());

  private static boolean wanted(StoredBuild b) {
    S3LogsConfig config = b.build().logs().s3Logs();
    return config != null && config.status().equals("ENABLED") && config.location() != null;
  }

  private Path file(StoredBuild b) {
    return Workspace.of(machine, b).root().resolve("log");
  }

  /// What the log of this build must not show.
  LogMask mask(StoredBuild b) {
    return LogMask.read(Workspace.of(machine, b).secrets());
  }

  void add(StoredBuild b, List<String> lines) {
    if (!wanted(b)) {
      return;
    }
    try {
      Files.createDirectories(file(b).getParent());
      Files.write(file(b), lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException("the log of build " + b.build().id(), e);
    }
  }

  // Whoever has no bucket for it gets no log; the build is not to fail for it.
  void close(Call call, StoredBuild b) throws IOException {
    if (!wanted(b) || !Files.exists(file(b))) {
      return;
    }
    Path zipped = file(b).resolveSibling("log.gz");
    try (var out = new GZIPOutputStream(Files.newOutputStream(zipped))) {
      Files.copy(file(b), out);
    }
    String place = String.valueOf(b.build().logs().s3LogsArn()).substring("arn:aws:s3:::".length());
    int slash = place.indexOf('/');
    try {
      bucket.put(call, place.substring(0, slash), place.substring(slash + 1), zipped);
    } catch (AwsException e) {
      LOG.log(
          Level.WARNING, "log of build " + b.build().id() + " to " + place + ": " + e.message());
    }
  }
}
