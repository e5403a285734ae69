package dev.freeway.containers.build;

import dev.freeway.containers.image.Sha256;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;

/// A file that ADD takes from an HTTP address. As with docker, only its owner may read it, and an
/// archive stays one.
record Download(Instruction instruction, String address) {
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  static boolean is(String word) {
    return word.matches("https?://.+");
  }

  /// The name it gets in a directory.
  String name() throws BuildFailure {
    var path = URI.create(address).getPath();
    var name = path == null ? "" : path.substring(path.lastIndexOf('/') + 1);
    if (name.isEmpty()) {
      throw instruction.failure("the address " + address + " names no file");
    }
    return name;
  }

  /// @param into a directory of its own
  void fetch(Path into) throws BuildFailure, IOException {
    var file = into.resolve(name());
    try (var client =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(Duration.ofSeconds(30))
            .build()) {
      var answer =
          client.send(
              HttpRequest.newBuilder(URI.create(address)).timeout(PATIENCE).build(),
              HttpResponse.BodyHandlers.ofFile(file));
      if (answer.statusCode() != 200) {
        throw instruction.failure(address + " answered " + answer.statusCode());
      }
    } catch (IllegalArgumentException e) {
      throw instruction.failure("not an address: " + address);
    } catch (IOException e) {
      throw instruction.failure(address + " cannot be fetched: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the build was stopped", e);
    }
    var wanted = instruction.flags().get("checksum");
    if (wanted != null && !wanted.equals(Sha256.of(file))) {
      throw instruction.failure(address + " has the digest " + Sha256.of(file) + ", not " + wanted);
    }
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }
}
