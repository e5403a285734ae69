package dev.freeway.containers.image;

import dev.freeway.containers.ContainerException;
import java.nio.file.Path;

/// What a runtime needs of images.
public interface Images {
  /// The image behind a reference, fetched if a source has it, with its layers on disk. Throws
  /// `ImageNotFound`.
  UnpackedImage unpacked(String reference);

  /// Where layers lie; a runtime shortens paths relative to it.
  Path layerDirectory();

  /// For runtimes that start only directories and the machine's own toolchain.
  static Images none(Path directory) {
    return new Images() {
      @Override
      public UnpackedImage unpacked(String reference) {
        throw new ContainerException.ImageNotFound("there is no image " + reference);
      }

      @Override
      public Path layerDirectory() {
        return directory;
      }
    };
  }
}
