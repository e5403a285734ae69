package dev.freeway.containers.docker;

import dev.freeway.containers.ContainerException;
import dev.freeway.containers.Mount;
import dev.freeway.containers.RootFs;
import dev.freeway.containers.image.ImageConfig;
import dev.freeway.containers.image.ImageDocument;
import dev.freeway.containers.image.ImageStore;
import dev.freeway.containers.image.StoredImage;
import dev.freeway.containers.image.TarEntry;
import dev.freeway.containers.image.TarWriter;
import dev.freeway.containers.image.Trees;
import dev.freeway.containers.sandbox.Toolchain;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the engine makes a container's root of.
record EngineRoots(ImageStore store, EngineImages images, Path skeleton) {
  /// @param image its name in the engine
  /// @param reference and digest: as asked for; absent when not made from an image
  record Root(
      String image,
      ImageConfig config,
      List<Mount> mounts,
      @Nullable String reference,
      @Nullable String digest) {}

  Root of(RootFs asked) {
    return switch (asked) {
      case RootFs.Image(var reference) -> {
        var image = store.obtain(reference);
        yield new Root(
            images.load(image),
            image.document().runtimeConfig(),
            List.of(),
            reference,
            image.digest());
      }
      case RootFs.HostToolchain host -> toolchain(host);
      case RootFs.Layers layers ->
          throw new ContainerException.Failed(
              "an engine runs images, not directories: build with the engine instead");
    };
  }

  private Root toolchain(RootFs.HostToolchain host) {
    try {
      var tools = Toolchain.make(skeleton, host);
      var image = store.making(() -> pack(tools.skeleton()));
      return new Root(
          images.load(image),
          ImageConfig.EMPTY.withEnvironment(tools.environment()),
          tools.mounts(),
          null,
          null);
    } catch (IOException e) {
      throw new ContainerException.Failed("cannot prepare the machine's toolchain: " + e, e);
    }
  }

  private StoredImage pack(Path tree) throws IOException {
    var layer = store.addLayer(out -> write(tree, out));
    var document = ImageDocument.empty();
    document.addLayer(layer.diffId(), "the machine's toolchain", Instant.EPOCH);
    return store.commit(document, List.of(layer.blob()), List.of());
  }

  /// Directories and links, and what the engine itself looks for in an image: the users, and a
  /// place for its init, which it mounts at `/sbin/docker-init` before anything of ours.
  private static void write(Path tree, OutputStream out) throws IOException {
    var tar = new TarWriter(out);
    for (var path : Trees.below(tree)) {
      var name = tree.relativize(path).toString();
      if (name.equals("sbin")) {
        links(tar, Path.of("/sbin").toRealPath());
      } else if (Files.isSymbolicLink(path)) {
        tar.put(TarEntry.symbolicLink(name, Files.readSymbolicLink(path).toString(), 0));
      } else {
        int mode = name.endsWith("tmp") ? 01777 : name.equals("root") ? 0700 : 0755;
        tar.put(TarEntry.directory(name + "/", mode, 0));
      }
    }
    tar.put(TarEntry.directory("etc/", 0755, 0));
    for (var file : List.of("passwd", "group")) {
      var bytes = Files.readAllBytes(Path.of("/etc", file));
      tar.put(TarEntry.file("etc/" + file, 0644, bytes.length, 0), new ByteArrayInputStream(bytes));
    }
    tar.close();
  }

  private static void links(TarWriter tar, Path programs) throws IOException {
    tar.put(TarEntry.directory("sbin/", 0755, 0));
    for (var program : Trees.children(programs)) {
      tar.put(TarEntry.symbolicLink("sbin/" + program.getFileName(), program.toString(), 0));
    }
  }
}
