package dev.freeway.ecs;

import dev.freeway.ecs.api.ContainerDefinition;
import dev.freeway.ecs.api.EnvironmentFile;
import dev.freeway.ecs.uses.s3.GetObjectRequest;
import dev.freeway.ecs.uses.s3.S3Api;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.wire.AwsException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Variables that lie in S3: lines `NAME=VALUE`, all of the rest of a line being the value; empty
/// lines and those that begin with `#` say nothing. Of two files the first wins.
final class EnvironmentFiles {
  private static final Pattern PLACE = Pattern.compile("arn:[a-z-]+:s3:::([^/]+)/(.+\\.env)");
  private static final int MOST_BYTES = 1 << 20;

  private final Platform platform;

  EnvironmentFiles(Platform platform) {
    this.platform = platform;
  }

  /// @param bucket its name
  record Place(String bucket, String key) {
    /// Of an ARN that names an object whose key ends with `.env`.
    static Optional<Place> of(String arn) {
      Matcher m = PLACE.matcher(arn);
      return m.matches() ? Optional.of(new Place(m.group(1), m.group(2))) : Optional.empty();
    }
  }

  static List<EnvironmentFile> files(ContainerDefinition c) {
    return c.environmentFiles() == null ? List.of() : c.environmentFiles();
  }

  Map<String, String> of(Scope scope, ContainerDefinition c) throws StartFailure {
    Map<String, String> all = new LinkedHashMap<>();
    for (EnvironmentFile f : files(c)) {
      parse(text(scope, f.value())).forEach(all::putIfAbsent);
    }
    return all;
  }

  static Map<String, String> parse(String text) {
    Map<String, String> all = new LinkedHashMap<>();
    for (String line : text.split("\r?\n")) {
      int equals = line.indexOf('=');
      if (!line.startsWith("#") && equals > 0) {
        all.put(line.substring(0, equals).strip(), line.substring(equals + 1));
      }
    }
    return all;
  }

  private String text(Scope scope, String arn) throws StartFailure {
    Place place =
        Place.of(arn).orElseThrow(() -> failed(arn, "it does not name an object ending with .env"));
    GetObjectRequest ask =
        GetObjectRequest.builder().bucket(place.bucket()).key(place.key()).build();
    try (InputStream in =
        platform
            .clients()
            .call(platform.background(scope, "ecs-tasks"), S3Api.GET_OBJECT, ask)
            .body()
            .open()) {
      byte[] bytes = in.readNBytes(MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        throw failed(arn, "it is longer than 1 MiB");
      }
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (AwsException e) {
      throw failed(arn, e.code() + ": " + e.message());
    } catch (IOException e) {
      throw failed(arn, e.toString());
    }
  }

  private static StartFailure failed(String arn, String why) {
    return new StartFailure(
        "ResourceInitializationError: failed to download env files: file download command: non empty error stream: %s: %s"
            .formatted(arn, why));
  }
}
