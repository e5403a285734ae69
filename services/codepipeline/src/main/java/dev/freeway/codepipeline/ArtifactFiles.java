package dev.freeway.codepipeline;

import dev.freeway.codepipeline.Execution.Artifact;
import dev.freeway.codepipeline.uses.s3.GetObjectRequest;
import dev.freeway.codepipeline.uses.s3.HeadObjectRequest;
import dev.freeway.codepipeline.uses.s3.PutObjectRequest;
import dev.freeway.codepipeline.uses.s3.S3Api;
import dev.freeway.platform.Call;
import dev.freeway.platform.Clients;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.Body;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
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

  /// Makes an artifact of a few small files.
  void write(Call call, Artifact artifact, Map<String, byte[]> files) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> e : files.entrySet()) {
        zip.putNextEntry(new ZipEntry(e.getKey()));
        zip.write(e.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var put =
        PutObjectRequest.builder()
            .bucket(artifact.bucket())
            .key(artifact.key())
            .contentLength((long) bytes.size())
            .body(Body.of(bytes.toByteArray()))
            .build();
    clients.call(call, S3Api.PUT_OBJECT, put);
  }

  /// The sha256 of an artifact, in the form `sha256:…`; null when there is no such object.
  @Nullable String digest(Call call, Artifact artifact) {
    var ask = GetObjectRequest.builder().bucket(artifact.bucket()).key(artifact.key()).build();
    try (InputStream in = clients.call(call, S3Api.GET_OBJECT, ask).body().open()) {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[64 * 1024];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        sha256.update(buffer, 0, n);
      }
      return "sha256:" + HexFormat.of().formatHex(sha256.digest());
    } catch (AwsException e) {
      if (e.status() == 404) {
        return null;
      }
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Puts an artifact again with a key, unless that is what it has.
  void encrypt(Call call, Artifact artifact, String kmsKey) {
    var ask = HeadObjectRequest.builder().bucket(artifact.bucket()).key(artifact.key()).build();
    if (!kmsKey.equals(clients.call(call, S3Api.HEAD_OBJECT, ask).ssekmsKeyId())) {
      copy(call, artifact, artifact.bucket(), kmsKey);
    }
  }

  /// Puts an artifact into another bucket under the same name.
  ///
  /// @param kmsKey the key it is put with; null for the bucket's own
  void copy(Call call, Artifact from, String bucket, @Nullable String kmsKey) {
    var ask = GetObjectRequest.builder().bucket(from.bucket()).key(from.key()).build();
    var object = clients.call(call, S3Api.GET_OBJECT, ask);
    var put =
        PutObjectRequest.builder()
            .bucket(bucket)
            .key(from.key())
            .serverSideEncryption(kmsKey == null ? null : "aws:kms")
            .ssekmsKeyId(kmsKey)
            .contentLength(object.contentLength())
            .body(object.body())
            .build();
    clients.call(call, S3Api.PUT_OBJECT, put);
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
