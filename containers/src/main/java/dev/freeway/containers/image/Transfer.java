package dev.freeway.containers.image;

import java.io.IOException;
import java.util.function.Consumer;

/// Sends images from the store to a registry.
public record Transfer(ImageStore store, Consumer<String> output) {
  /// Pushes an image under a reference; what the registry has is not sent again. Lines go to the
  /// output as `docker push` writes them. Returns the manifest's digest.
  public String push(StoredImage image, Reference to, ImageTarget target) throws IOException {
    output.accept("The push refers to repository [" + to.name() + "]");
    for (var layer : image.layers()) {
      send(layer, to, target);
    }
    send(image.config(), to, target);
    target.putManifest(to, image.manifest());
    output.accept(
        to.version() + ": digest: " + image.digest() + " size: " + image.manifest().bytes().length);
    return image.digest();
  }

  private void send(Descriptor blob, Reference to, ImageTarget target) throws IOException {
    var name = blob.digest().substring(7, 19);
    if (target.hasBlob(to, blob.digest())) {
      output.accept(name + ": Layer already exists");
      return;
    }
    try (var in = store.blob(blob.digest())) {
      target.putBlob(to, blob, in);
    }
    output.accept(name + ": Pushed");
  }
}
