package dev.freeway.codebuild;

import dev.freeway.codebuild.uses.s3.GetObjectRequest;
import dev.freeway.codebuild.uses.s3.ListObjectsV2Request;
import dev.freeway.codebuild.uses.s3.Object;
import dev.freeway.codebuild.uses.s3.PutObjectRequest;
import dev.freeway.codebuild.uses.s3.S3Api;
import dev.freeway.platform.Call;
import dev.freeway.platform.Clients;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.Body;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// Files to and from S3.
record Bucket(Clients clients) {

  void put(Call call, String bucket, String key, Path file) throws IOException {
    long length = Files.size(file);
    try (InputStream in = Files.newInputStream(file)) {
      var put =
          PutObjectRequest.builder()
              .bucket(bucket)
              .key(key)
              .contentLength(length)
              .body(Body.of(in, length))
              .build();
      clients.call(call, S3Api.PUT_OBJECT, put);
    }
  }

  /// False when there is no such object.
  boolean get(Call call, String bucket, String key, Path file) throws IOException {
    try {
      var ask = GetObjectRequest.builder().bucket(bucket).key(key).build();
      try (InputStream in = clients.call(call, S3Api.GET_OBJECT, ask).body().open()) {
        Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
        return true;
      }
    } catch (AwsException e) {
      if (e.is("NoSuchKey")) {
        return false;
      }
      throw e;
    }
  }

  /// The youngest object whose key begins so.
  Optional<String> youngest(Call call, String bucket, String prefix) {
    var ask = ListObjectsV2Request.builder().bucket(bucket).prefix(prefix).build();
    var found = clients.call(call, S3Api.LIST_OBJECTS_V2, ask).contents();
    return found == null
        ? Optional.empty()
        : found.stream().max(Comparator.comparing(Object::lastModified)).map(Object::key);
  }

  List<String> keys(Call call, String bucket, String prefix) {
    List<String> keys = new ArrayList<>();
    String token = null;
    do {
      var ask =
          ListObjectsV2Request.builder()
              .bucket(bucket)
              .prefix(prefix)
              .continuationToken(token)
              .build();
      var page = clients.call(call, S3Api.LIST_OBJECTS_V2, ask);
      if (page.contents() != null) {
        page.contents().forEach(o -> keys.add(o.key()));
      }
      token = page.nextContinuationToken();
    } while (token != null);
    return keys;
  }

  static String digest(Path file, String algorithm) throws IOException {
    try (var in =
        new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance(algorithm))) {
      in.transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(in.getMessageDigest().digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
