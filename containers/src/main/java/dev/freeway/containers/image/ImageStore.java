package dev.freeway.containers.image;

import dev.freeway.containers.ContainerException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/// Images of this machine.
///
/// ```
/// blobs/sha256/HEX      manifests, configs, layers: complete and on disk
/// refs/NAME             reference → manifest digest
/// layers/HEX            unpacked layers by (the first half of) their uncompressed digest, shared by all containers
/// incoming/             unfinished; emptied at start
/// ```
public final class ImageStore implements Images {
  private final Blobs blobs;
  private final References references;
  private final Path layers;
  private final Path incoming;
  private final List<ImageSource> sources = new CopyOnWriteArrayList<>();
  private final Map<String, ReentrantLock> unpacking = new ConcurrentHashMap<>();

  /// Held for writing by [#prune], for reading by whatever makes content that nothing refers to
  /// yet.
  private final ReentrantReadWriteLock making = new ReentrantReadWriteLock();

  public ImageStore(Path root) {
    try {
      var base = Files.createDirectories(root.toAbsolutePath().normalize());
      blobs = new Blobs(base);
      references = new References(Files.createDirectories(base.resolve("refs")));
      layers = base.resolve("layers");
      forgetLayersOfAnotherBoot(base.resolve("layers.boot"));
      Files.createDirectories(layers);
      incoming = base.resolve("incoming");
    } catch (IOException e) {
      throw new ContainerException.Failed("cannot open the image store " + root, e);
    }
  }

  /// Unpacked layers are not synced to disk: a power failure may leave them cut off. After one
  /// nothing uses them, and they are unpacked again from blobs, which are.
  private void forgetLayersOfAnotherBoot(Path note) throws IOException {
    var kernel = Path.of("/proc/sys/kernel/random/boot_id");
    var boot = Files.exists(kernel) ? Files.readString(kernel) : "";
    if (Files.exists(note) && !Files.readString(note).equals(boot)) {
      Trees.delete(layers);
    }
    Files.writeString(note, boot);
  }

  /// Adds a place to look for images; the first that has one wins.
  public void addSource(ImageSource source) {
    sources.add(source);
  }

  /// The image behind a reference. Sources are asked first, so that a moved tag is noticed; then
  /// what is here.
  public StoredImage obtain(String text) {
    var reference = reference(text);
    making.readLock().lock();
    try {
      for (var source : sources) {
        var manifest = source.resolve(reference);
        if (manifest.isPresent()) {
          return fetch(source, reference, manifest.get());
        }
      }
      return find(text)
          .orElseThrow(
              () ->
                  new ContainerException.ImageNotFound(
                      "there is no image " + reference + ", neither here nor in a known registry"));
    } catch (IOException e) {
      throw new ContainerException.Failed("cannot fetch " + text + ": " + e.getMessage(), e);
    } finally {
      making.readLock().unlock();
    }
  }

  /// Fetches an image from one source, whatever other sources say.
  public StoredImage pull(Reference reference, ImageSource from) throws IOException {
    making.readLock().lock();
    try {
      var manifest =
          from.resolve(reference)
              .orElseThrow(
                  () ->
                      new ContainerException.ImageNotFound(
                          "manifest for " + reference + " not found"));
      return fetch(from, reference, manifest);
    } finally {
      making.readLock().unlock();
    }
  }

  private static Reference reference(String text) {
    try {
      return Reference.parse(text);
    } catch (IllegalArgumentException e) {
      throw new ContainerException.ImageNotFound(String.valueOf(e.getMessage()));
    }
  }

  private StoredImage fetch(ImageSource source, Reference reference, Manifest found)
      throws IOException {
    var manifest = found;
    if (found.isIndex()) {
      var digest = found.forThisPlatform();
      manifest =
          source
              .resolve(reference.at(digest))
              .orElseThrow(
                  () -> new IOException("the index names " + digest + ", which is absent"));
    }
    for (var layer : manifest.layers()) {
      fetch(source, reference, layer);
    }
    fetch(source, reference, manifest.config());
    return keep(reference, manifest);
  }

  private void fetch(ImageSource source, Reference reference, Descriptor wanted)
      throws IOException {
    if (blobs.has(wanted.digest())) {
      return;
    }
    var file = source.file(reference, wanted.digest());
    if (file.isPresent() && blobs.link(wanted.digest(), file.get())) {
      return;
    }
    try (var in = source.blob(reference, wanted.digest())) {
      blobs.put(wanted.mediaType(), wanted.digest(), in::transferTo);
    }
  }

  /// Records a manifest whose content is here, and lets the reference's tag point to it.
  StoredImage keep(Reference reference, Manifest manifest) throws IOException {
    blobs.put(manifest.mediaType(), manifest.bytes());
    var digest = manifest.digest();
    if (reference.tag() != null) {
      references.put(reference.name() + ":" + reference.tag(), digest);
    }
    references.put(reference.at(digest).toString(), digest);
    return image(reference, digest);
  }

  private StoredImage image(Reference reference, String digest) throws IOException {
    var bytes = read(digest);
    var manifest = new Manifest(Manifest.OCI, bytes);
    return new StoredImage(
        reference,
        digest,
        manifest,
        manifest.config(),
        manifest.layers(),
        ImageDocument.parse(read(manifest.config().digest())));
  }

  private byte[] read(String digest) throws IOException {
    try (var in = blobs.open(digest)) {
      return in.readAllBytes();
    }
  }

  /// An image that is here, by tag or digest.
  public Optional<StoredImage> find(String text) {
    try {
      var reference = Reference.parse(text);
      var digest =
          reference.digest() != null
              ? references.get(reference.at(reference.digest()).toString())
              : references.get(reference.toString());
      return digest.isEmpty() ? Optional.empty() : Optional.of(image(reference, digest.get()));
    } catch (NoSuchFileException | IllegalArgumentException damagedOrInvalid) {
      return Optional.empty();
    } catch (IOException e) {
      throw new ContainerException.Failed("cannot read the image " + text, e);
    }
  }

  /// Lets a further name point to an image.
  public StoredImage tag(StoredImage image, Reference further) {
    return io(() -> keep(further, image.manifest()));
  }

  /// All tags, sorted, with the manifest digest each points to.
  public Map<String, String> tags() {
    return io(references::tags);
  }

  /// Gives an image here a further name.
  public StoredImage tag(String existing, String further) {
    var image =
        find(existing)
            .orElseThrow(
                () -> new ContainerException.ImageNotFound("there is no image " + existing));
    return io(() -> keep(Reference.parse(further), image.manifest()));
  }

  /// Forgets a reference. The content goes at the next [#prune].
  public void remove(String text) {
    var reference = reference(text);
    io(
        () -> {
          references.remove(reference.toString());
          return text;
        });
  }

  @Override
  public UnpackedImage unpacked(String reference) {
    return unpack(obtain(reference));
  }

  /// Unpacks the layers of an image that is here.
  public UnpackedImage unpack(StoredImage image) {
    var diffIds = image.document().diffIds();
    if (diffIds.size() != image.layers().size()) {
      throw new ContainerException.Failed(
          image.reference()
              + " has "
              + image.layers().size()
              + " layers but "
              + diffIds.size()
              + " diff ids");
    }
    return io(
        () -> {
          var directories = new ArrayList<Path>();
          for (int i = diffIds.size() - 1; i >= 0; i--) {
            directories.add(unpackLayer(diffIds.get(i), image.layers().get(i)));
          }
          return new UnpackedImage(
              image.reference().toString(),
              image.digest(),
              image.document().runtimeConfig(),
              directories);
        });
  }

  /// Stores a layer from its tar stream. It is kept uncompressed: the same machine unpacks it
  /// again.
  public Layer addLayer(LayerContent content) throws IOException {
    var blob = blobs.put(Manifest.OCI_LAYER, null, content::writeTo);
    return new Layer(blob.digest(), blob);
  }

  /// Writes a layer's tar stream.
  @FunctionalInterface
  public interface LayerContent {
    void writeTo(java.io.OutputStream out) throws IOException;
  }

  /// Makes an image of layers that are in the store.
  public StoredImage commit(ImageDocument document, List<Descriptor> of, List<Reference> tags) {
    return io(
        () -> {
          var config = blobs.put(Manifest.OCI_CONFIG, document.bytes());
          var manifest = Manifest.of(config, of);
          blobs.put(manifest.mediaType(), manifest.bytes());
          for (var tag : tags) {
            keep(tag, manifest);
          }
          var digest = manifest.digest();
          var name = tags.isEmpty() ? new Reference("", "untagged", null, digest) : tags.getFirst();
          return tags.isEmpty() ? keep(name, manifest) : image(name, digest);
        });
  }

  /// Directory of a layer that is in the store, unpacked now if it was not yet.
  public Path unpacked(Layer layer) {
    return io(() -> unpackLayer(layer.diffId(), layer.blob()));
  }

  public boolean has(Layer layer) {
    return io(() -> blobs.has(layer.blob().digest()));
  }

  Path unpackLayer(String diffId, Descriptor layer) throws IOException {
    var directory = layerPath(diffId);
    var lock = unpacking.computeIfAbsent(diffId, key -> new ReentrantLock());
    lock.lock();
    try {
      if (!Files.exists(directory)) {
        var next = incoming.resolve(UUID.randomUUID().toString());
        try (var tar = uncompressed(layer)) {
          var counted = new CountedInput(tar);
          LayerUnpacker.unpack(counted, next);
          if (!counted.sum().equals(diffId)) {
            throw new IOException("the layer " + layer.digest() + " does not unpack to " + diffId);
          }
          Files.move(next, directory, StandardCopyOption.ATOMIC_MOVE);
        } finally {
          Trees.delete(next);
        }
      }
      return directory;
    } finally {
      lock.unlock();
    }
  }

  /// Where a layer lies, or will lie once unpacked.
  Path layerPath(String diffId) throws IOException {
    return layers.resolve(Sha256.hex(diffId).substring(0, 32));
  }

  InputStream uncompressed(Descriptor layer) throws IOException {
    return Compressed.open(new BufferedInputStream(blobs.open(layer.digest()), 1 << 16));
  }

  @Override
  public Path layerDirectory() {
    return layers;
  }

  Blobs blobs() {
    return blobs;
  }

  Path incoming() {
    return incoming;
  }

  /// A blob of an image that is here.
  public InputStream blob(String digest) throws IOException {
    return blobs.open(digest);
  }

  /// Runs work that makes content before anything refers to it; [#prune] waits for it.
  public <T, E extends Exception> T making(Making<T, E> work) throws E {
    making.readLock().lock();
    try {
      return work.get();
    } finally {
      making.readLock().unlock();
    }
  }

  /// Work that [#prune] must not disturb.
  @FunctionalInterface
  public interface Making<T, E extends Exception> {
    T get() throws E;
  }

  /// Deletes content that no tag leads to.
  ///
  /// @param inUse manifest digests of containers that exist: their layers stay
  /// @param alsoKeep layers' uncompressed digests to keep, such as a build cache's
  /// @return bytes of blobs freed
  public long prune(Set<String> inUse, Set<String> alsoKeep) {
    making.writeLock().lock();
    try {
      return io(() -> sweep(inUse, alsoKeep));
    } finally {
      making.writeLock().unlock();
    }
  }

  private long sweep(Set<String> inUse, Set<String> alsoKeep) throws IOException {
    var roots = new TreeSet<>(inUse);
    roots.addAll(references.tags().values());
    references.retain(roots);
    Set<String> kept = new TreeSet<>(alsoKeep);
    Set<Path> keptLayers = new TreeSet<>();
    for (var digest : alsoKeep) {
      keptLayers.add(layerPath(digest));
    }
    for (var root : roots) {
      if (!blobs.has(root)) {
        continue;
      }
      var image = image(new Reference("", "image", null, root), root);
      kept.add(root);
      kept.add(image.config().digest());
      image.layers().forEach(layer -> kept.add(layer.digest()));
      for (var diffId : image.document().diffIds()) {
        keptLayers.add(layerPath(diffId));
      }
    }
    long freed = 0;
    for (var digest : blobs.all()) {
      if (!kept.contains(digest)) {
        freed += Files.size(blobs.path(digest));
        blobs.delete(digest);
      }
    }
    for (var layer : Trees.children(layers)) {
      if (!keptLayers.contains(layer)) {
        Trees.delete(layer);
      }
    }
    return freed;
  }

  private interface Work<T> {
    T get() throws IOException;
  }

  private static <T> T io(Work<T> work) {
    try {
      return work.get();
    } catch (IOException e) {
      throw new ContainerException.Failed("the image store: " + e.getMessage(), e);
    }
  }
}
