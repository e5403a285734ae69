package dev.freeway.containers.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads images from an archive: what `docker save` writes, or an OCI image layout, as a tar (plain
/// or gzip) or an unpacked directory.
public final class ImageArchive {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String NAME = "org.opencontainers.image.ref.name";
  private static final String FULL_NAME = "io.containerd.image.name";
  private final ImageStore store;
  private final Path root;

  private ImageArchive(ImageStore store, Path root) {
    this.store = store;
    this.root = root;
  }

  /// Takes all images of an archive into the store, under the names they have in it.
  public static List<StoredImage> load(ImageStore store, InputStream archive) throws IOException {
    var directory = Files.createTempDirectory(store.incoming(), "load");
    try {
      extract(archive, directory);
      return load(store, directory);
    } finally {
      Trees.delete(directory);
    }
  }

  /// The same from an unpacked archive.
  public static List<StoredImage> load(ImageStore store, Path directory) throws IOException {
    var archive = new ImageArchive(store, directory.toRealPath());
    return store.making(
        () -> {
          try {
            if (Files.exists(directory.resolve("manifest.json"))) {
              return archive.saved();
            }
            if (Files.exists(directory.resolve("index.json"))) {
              return archive.layout();
            }
          } catch (JacksonException e) {
            throw new IOException(
                "the archive's description is not JSON: " + e.getOriginalMessage(), e);
          }
          throw new IOException(
              "neither manifest.json nor index.json: not an archive of docker save nor an OCI layout");
        });
  }

  /// Plain files and directories only; others have no place in such an archive.
  private static void extract(InputStream archive, Path directory) throws IOException {
    var reader = new TarReader(Compressed.open(archive));
    for (var entry = reader.next(); entry != null; entry = reader.next()) {
      var path = directory.resolve(entry.name()).normalize();
      if (!path.startsWith(directory)) {
        throw new IOException("the archive has a member outside its root: " + entry.name());
      }
      switch (entry.type()) {
        case DIRECTORY -> Files.createDirectories(path);
        case FILE -> {
          Files.createDirectories(path.getParent());
          Files.copy(reader.content(), path);
        }
        case SYMBOLIC_LINK, HARD_LINK -> {
          // Older docker save: a layer that several images share.
          var from = entry.type() == TarEntry.Type.HARD_LINK ? directory : Trees.parent(path);
          var target = from.resolve(entry.link()).normalize();
          if (!target.startsWith(directory) || !Files.isRegularFile(target)) {
            throw new IOException("the archive has a link outside its root: " + entry.name());
          }
          Files.createDirectories(path.getParent());
          Files.createLink(path, target);
        }
        case CHARACTER_DEVICE, BLOCK_DEVICE, PIPE ->
            throw new IOException("the archive has a device: " + entry.name());
      }
    }
  }

  private Path inside(String name) throws IOException {
    var path = root.resolve(name).normalize();
    if (!path.startsWith(root) || !path.toRealPath().startsWith(root)) {
      throw new IOException("the archive names a file outside its root: " + name);
    }
    return path;
  }

  private List<StoredImage> saved() throws IOException {
    var images = new ArrayList<StoredImage>();
    for (var item : JSON.readTree(Files.readAllBytes(root.resolve("manifest.json")))) {
      var document =
          ImageDocument.parse(Files.readAllBytes(inside(item.path("Config").asString())));
      var layers = new ArrayList<Descriptor>();
      for (var name : ImageDocument.strings(item.path("Layers"))) {
        var file = inside(name);
        layers.add(store.blobs().put(Manifest.OCI_LAYER, null, out -> Files.copy(file, out)));
      }
      var tags = new ArrayList<Reference>();
      for (var tag : ImageDocument.strings(item.path("RepoTags"))) {
        tags.add(Reference.parse(tag));
      }
      images.add(store.commit(document, layers, tags));
    }
    return images;
  }

  private List<StoredImage> layout() throws IOException {
    var images = new ArrayList<StoredImage>();
    var index = JSON.readTree(Files.readAllBytes(root.resolve("index.json")));
    for (var item : index.path("manifests")) {
      var digest = item.path("digest").asString("");
      images.add(store.pull(reference(item, digest), new Layout()));
    }
    return images;
  }

  private static Reference reference(JsonNode item, String digest) {
    var notes = item.path("annotations");
    var name = notes.path(FULL_NAME).asString(notes.path(NAME).asString(""));
    // The layout's own convention allows a bare tag.
    var text = name.isEmpty() ? "loaded" : name.matches("[\\w.-]+") ? "loaded:" + name : name;
    var reference = Reference.parse(text);
    return new Reference(
        reference.registry(),
        reference.repository(),
        name.isEmpty() ? null : reference.tag(),
        digest);
  }

  /// The layout's blobs as a source.
  private final class Layout implements ImageSource {
    private Path blob(String digest) throws IOException {
      return inside("blobs/sha256/" + Sha256.hex(digest));
    }

    @Override
    public Optional<Manifest> resolve(Reference reference) throws IOException {
      var bytes = Files.readAllBytes(blob(reference.version()));
      if (!Sha256.of(bytes).equals(reference.digest())) {
        throw new IOException("content of " + reference.digest() + " has another digest");
      }
      return Optional.of(new Manifest(Manifest.OCI, bytes));
    }

    @Override
    public InputStream blob(Reference reference, String digest) throws IOException {
      return Files.newInputStream(blob(digest));
    }
  }
}
