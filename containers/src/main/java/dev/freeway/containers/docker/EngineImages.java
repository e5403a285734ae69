package dev.freeway.containers.docker;

import dev.freeway.containers.ContainerException;
import dev.freeway.containers.image.ArchiveWriter;
import dev.freeway.containers.image.ImageStore;
import dev.freeway.containers.image.StoredImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import tools.jackson.core.JacksonException;

/// Brings images from the store into the engine, under a name made of their config's digest: what
/// is there under that name is that image.
final class EngineImages {
  private static final String REPOSITORY = "freeway.internal/image";
  private final Engine engine;
  private final ImageStore store;
  private final Map<String, ReentrantLock> loading = new ConcurrentHashMap<>();

  EngineImages(Engine engine, ImageStore store) {
    this.engine = engine;
    this.store = store;
  }

  private static String tag(StoredImage image) {
    return image.config().digest().substring("sha256:".length());
  }

  /// The image's name in the engine, loaded now if it was not there.
  String load(StoredImage image) {
    var name = REPOSITORY + ":" + tag(image);
    var lock = loading.computeIfAbsent(name, key -> new ReentrantLock());
    lock.lock();
    try {
      if (engine.find("/images/" + name + "/json").isEmpty()) {
        send(image, name);
      }
      return name;
    } finally {
      lock.unlock();
    }
  }

  private void send(StoredImage image, String name) {
    var archive = UnixHttp.Payload.tar(out -> ArchiveWriter.write(store, image, name, out));
    try (var answer = engine.open("POST", "/images/load?quiet=1", Map.of(), archive)) {
      // Errors come in the stream, after the status.
      for (var line :
          new String(answer.body().readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
        var error = Engine.JSON.readTree(line).path("error").asString("");
        if (!error.isEmpty()) {
          throw new ContainerException.Failed(
              "the engine cannot load " + image.reference() + ": " + error);
        }
      }
    } catch (IOException e) {
      throw engine.unreachable(e);
    } catch (JacksonException e) {
      throw new ContainerException.Failed("the engine cannot load " + image.reference(), e);
    }
    if (engine.find("/images/" + name + "/json").isEmpty()) {
      throw new ContainerException.Failed("the engine did not keep " + image.reference());
    }
  }

  /// Lets an image that the engine has be found as the store's.
  void note(String engineId, StoredImage image) {
    engine.post("/images/" + engineId + "/tag?repo=" + REPOSITORY + "&tag=" + tag(image), null);
  }
}
