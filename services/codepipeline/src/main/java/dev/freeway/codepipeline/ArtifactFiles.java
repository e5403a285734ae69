package dev.freeway.codepipeline;

import dev.freeway.codepipeline.Execution.Artifact;
import dev.freeway.codepipeline.uses.s3.GetObjectRequest;
import dev.freeway.codepipeline.uses.s3.S3Api;
import dev.freeway.platform.Call;
import dev.freeway.platform.Clients;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/// Looks into artifacts.
final class ArtifactFiles {
  private static final int MOST_BYTES = 1024 * 1024;

  /// What is done with one file of an artifact.
  interface Visitor {
    void file(String path, ZipInputStream content) throws IOException;
  }

  private final Clients clients;

  ArtifactFiles(Clients clients) {
    this.clients = clients;
  }

  /// The content of a small file; null when the artifact does not have it.
  byte @Nullable [] read(Call call, Artifact artifact, String path) {
    byte[][] found = new byte[1][];
    each(
        call,
        artifact,
        (p, in) -> {
          if (p.equals(path)) {
            found[0] = in.readNBytes(MOST_BYTES);
          }
        });
    return found[0];
  }

  /// Every file of an artifact, streamed.
  void each(Call call, Artifact artifact, Visitor visitor) {
    var ask = GetObjectRequest.builder().bucket(artifact.bucket()).key(artifact.key()).build();
    try (ZipInputStream zip =
        new ZipInputStream(clients.call(call, S3Api.GET_OBJECT, ask).body().open())) {
      for (ZipEntry e = zip.getNextEntry(); e != null; e = zip.getNextEntry()) {
        if (!e.isDirectory()) {
          visitor.file(e.getName(), zip);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("artifact " + artifact.key() + " is not readable as a zip", e);
    }
  }
}
