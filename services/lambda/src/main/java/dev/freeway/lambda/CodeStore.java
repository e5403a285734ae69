package dev.freeway.lambda;

import dev.freeway.lambda.api.LambdaErrors;
import dev.freeway.lambda.uses.s3.GetObjectRequest;
import dev.freeway.lambda.uses.s3.S3Api;
import dev.freeway.platform.Call;
import dev.freeway.platform.Ids;
import dev.freeway.platform.Platform;
import dev.freeway.wire.AwsException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/// Code as zip files, each kept once under its SHA-256, and unpacked for whoever runs it.
final class CodeStore {
  private static final int MOST_ZIPPED = 52_428_800;

  private final Platform platform;
  private final Path zips;
  private final Path unpacked;

  /// A zip file.
  ///
  /// @param hash SHA-256, hexadecimal
  record Code(String hash, long bytes) {
    /// As CodeSha256 is answered.
    String base64() {
      return java.util.Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hash));
    }
  }

  CodeStore(Platform platform, Path folder) {
    this.platform = platform;
    this.zips = folder.resolve("zips");
    this.unpacked = folder.resolve("unpacked");
  }

  Path zip(String hash) {
    return zips.resolve(hash);
  }

  Code inline(byte[] zip) {
    if (zip.length > MOST_ZIPPED) {
      throw AwsException.of(
          "RequestEntityTooLargeException",
          413,
          "Request must be smaller than 69905067 bytes for the CreateFunction operation");
    }
    return keep(new ByteArrayInputStream(zip));
  }

  Code fromS3(Call call, String bucket, String key, @Nullable String version) {
    GetObjectRequest ask =
        GetObjectRequest.builder().bucket(bucket).key(key).versionId(version).build();
    try (InputStream in = platform.clients().call(call, S3Api.GET_OBJECT, ask).body().open()) {
      return keep(in);
    } catch (AwsException e) {
      if (e.code().startsWith("InvalidParameterValue")) {
        throw e;
      }
      throw LambdaErrors.invalidParameterValueException(
              "Error occurred while GetObject. S3 Error Code: "
                  + e.code()
                  + ". S3 Error Message: "
                  + e.message())
          .with("Type", "User");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Code keep(InputStream from) {
    try {
      Files.createDirectories(zips);
      Path draft = zips.resolve("draft-" + Ids.hex(16));
      try {
        String hash = write(from, draft);
        check(draft);
        Files.move(draft, zip(hash), StandardCopyOption.ATOMIC_MOVE);
        return new Code(hash, Files.size(zip(hash)));
      } finally {
        Files.deleteIfExists(draft);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String write(InputStream from, Path to) throws IOException {
    try (FileChannel file =
            FileChannel.open(to, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        DigestInputStream in = new DigestInputStream(from, MessageDigest.getInstance("SHA-256"))) {
      in.transferTo(Channels.newOutputStream(file));
      if (!platform.settings().ephemeral()) {
        file.force(true);
      }
      return HexFormat.of().formatHex(in.getMessageDigest().digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void check(Path zip) throws IOException {
    if (Files.size(zip) == 0) {
      throw invalid("Uploaded file must be a non-empty zip");
    }
    try {
      if (ZipCode.check(zip) > ZipCode.MOST_BYTES) {
        throw invalid("Unzipped size must be smaller than " + ZipCode.MOST_BYTES + " bytes");
      }
    } catch (ZipException | IllegalArgumentException e) {
      throw "empty".equals(e.getMessage())
          ? invalid("Uploaded file must be a non-empty zip")
          : invalid(
              "Could not unzip uploaded file. Please check your file, then try to upload again.");
    }
  }

  private static AwsException invalid(String message) {
    return LambdaErrors.invalidParameterValueException(message).with("Type", "User");
  }

  /// The folder with these zip files over one another, made at the first call.
  Path folder(List<String> hashes) throws IOException {
    String name = name(hashes);
    Path folder = unpacked.resolve(name);
    if (Files.isDirectory(folder)) {
      return folder;
    }
    Files.createDirectories(unpacked);
    Path draft = unpacked.resolve("draft-" + Ids.hex(16));
    try {
      Files.createDirectory(draft);
      for (String hash : hashes) {
        ZipCode.unpack(zip(hash), draft);
      }
      Files.move(draft, folder, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileAlreadyExistsException | java.nio.file.DirectoryNotEmptyException e) {
      // Somebody else has just made the same.
      discard(draft);
    } catch (IOException | RuntimeException e) {
      discard(draft);
      throw e;
    }
    return folder;
  }

  /// What the folder of these is called.
  static String name(List<String> hashes) {
    return hashes.size() == 1 ? hashes.getFirst() : sha256(String.join("+", hashes));
  }

  static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256")
                  .digest(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Removes what is not in use: while nothing runs and nothing is uploaded.
  void sweep(Set<String> used) {
    for (Path folder : List.of(zips, unpacked)) {
      if (!Files.isDirectory(folder)) {
        continue;
      }
      try (Stream<Path> all = Files.list(folder)) {
        for (Path p : all.toList()) {
          String name = p.getFileName().toString();
          if (!used.contains(name)) {
            discard(p);
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  static void discard(Path tree) throws IOException {
    if (!Files.exists(tree, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (Stream<Path> all = Files.walk(tree)) {
      for (Path p : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(p);
      }
    }
  }
}
