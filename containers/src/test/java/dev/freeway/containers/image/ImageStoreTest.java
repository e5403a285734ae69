package dev.freeway.containers.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.containers.ContainerException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageStoreTest {
  @TempDir Path dir;
  private ImageStore store;

  @BeforeEach
  void open() {
    Assumptions.assumeTrue(
        "root".equals(System.getProperty("user.name")), "skipped: unpacking layers needs root");
    store = new ImageStore(dir.resolve("store"));
  }

  private static byte[] layer(String name, String content) throws IOException {
    var out = new ByteArrayOutputStream();
    try (var tar = new TarWriter(out)) {
      tar.put(
          TarEntry.file(name, 0644, content.length(), 0),
          new ByteArrayInputStream(content.getBytes()));
    }
    return out.toByteArray();
  }

  private StoredImage image(String tag, String content) throws IOException {
    var layer = store.addLayer(out -> out.write(layer("file", content)));
    var document = ImageDocument.empty();
    document.addLayer(layer.diffId(), "test", Instant.EPOCH);
    return store.commit(document, List.of(layer.blob()), List.of(Reference.parse(tag)));
  }

  @Test
  void keepsImagesAcrossRestarts() throws Exception {
    var digest = image("a/b:1", "x").digest();
    var again = new ImageStore(dir.resolve("store"));
    assertEquals(digest, again.find("a/b:1").orElseThrow().digest());
    assertEquals(digest, again.obtain("a/b@" + digest).digest());
    assertEquals(
        "x", Files.readString(again.unpacked("a/b:1").layers().getFirst().resolve("file")));
  }

  @Test
  void unpacksLayersAgainAfterTheMachineWentDown() throws Exception {
    image("a:1", "whole");
    var file = store.unpacked("a:1").layers().getFirst().resolve("file");
    Files.writeString(file, "cut off");
    Files.writeString(dir.resolve("store/layers.boot"), "an earlier boot");
    new ImageStore(dir.resolve("store")).unpacked("a:1");
    assertEquals("whole", Files.readString(file));
  }

  @Test
  void prunesWhatNoTagLeadsToButNotWhatIsInUse() throws Exception {
    var kept = image("kept:1", "kept");
    var used = image("used:1", "used");
    var gone = image("gone:1", "gone");
    var goneLayer = store.unpack(gone).layers().getFirst();
    var usedLayer = store.unpack(used).layers().getFirst();
    store.remove("used:1");
    store.remove("gone:1");
    assertTrue(store.prune(Set.of(used.digest()), Set.of()) > 0);
    assertFalse(Files.exists(goneLayer));
    assertTrue(Files.exists(usedLayer));
    assertEquals(kept.digest(), store.find("kept:1").orElseThrow().digest());
    assertTrue(store.find("gone@" + gone.digest()).isEmpty());
  }

  private record Source(Manifest manifest, java.util.Map<String, byte[]> blobs)
      implements ImageSource {
    @Override
    public Optional<Manifest> resolve(Reference reference) {
      return reference.repository().equals("far") ? Optional.of(manifest) : Optional.empty();
    }

    @Override
    public InputStream blob(Reference reference, String digest) {
      return new ByteArrayInputStream(blobs.get(digest));
    }
  }

  private static Source source(byte[] blob, String diffId, String claimed) {
    var document = ImageDocument.empty();
    document.addLayer(diffId, "test", Instant.EPOCH);
    var config = document.bytes();
    var manifest =
        Manifest.of(
            new Descriptor(Manifest.OCI_CONFIG, Sha256.of(config), config.length),
            List.of(
                new Descriptor(
                    "application/vnd.oci.image.layer.v1.tar+gzip", claimed, blob.length)));
    return new Source(manifest, java.util.Map.of(claimed, blob, Sha256.of(config), config));
  }

  @Test
  void fetchesFromSourcesAndUnpacksGzip() throws Exception {
    var tar = layer("file", "far away");
    var out = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(out)) {
      gzip.write(tar);
    }
    store.addSource(source(out.toByteArray(), Sha256.of(tar), Sha256.of(out.toByteArray())));
    var unpacked = store.unpacked("far:1");
    assertEquals("far away", Files.readString(unpacked.layers().getFirst().resolve("file")));
  }

  @Test
  void refusesContentWithAnotherDigest() throws Exception {
    var tar = layer("file", "x");
    store.addSource(source(tar, Sha256.of(tar), Sha256.of("something else")));
    var problem = assertThrows(ContainerException.Failed.class, () -> store.obtain("far:1"));
    assertTrue(problem.getMessage().contains("has the digest"), problem.getMessage());
    assertTrue(store.find("far:1").isEmpty());
    assertTrue(Trees.children(dir.resolve("store/incoming")).isEmpty());
  }

  @Test
  void refusesALayerThatIsNotWhatTheConfigSays() throws Exception {
    var tar = layer("file", "x");
    store.addSource(source(tar, Sha256.of("another"), Sha256.of(tar)));
    assertThrows(ContainerException.Failed.class, () -> store.unpacked("far:1"));
    assertTrue(Trees.children(dir.resolve("store/layers")).isEmpty());
  }

  @Test
  void readsLayersOfZstd() throws Exception {
    var tar = layer("file", "x");
    var bytes = com.github.luben.zstd.Zstd.compress(tar);
    store.addSource(source(bytes, Sha256.of(tar), Sha256.of(bytes)));
    var unpacked = store.unpacked("far:1");
    assertEquals("x", Files.readString(unpacked.layers().getFirst().resolve("file")));
  }

  @Test
  void refusesATruncatedLayerOfZstd() throws Exception {
    var tar = layer("file", "x");
    var whole = com.github.luben.zstd.Zstd.compress(tar);
    var bytes = java.util.Arrays.copyOf(whole, whole.length - 4);
    store.addSource(source(bytes, Sha256.of(tar), Sha256.of(bytes)));
    assertThrows(ContainerException.Failed.class, () -> store.unpacked("far:1"));
    assertTrue(Trees.children(dir.resolve("store/layers")).isEmpty());
  }

  @Test
  void loadsWhatDockerSaveWrites() throws Exception {
    var tar = layer("file", "saved");
    var document = ImageDocument.empty();
    document.addLayer(Sha256.of(tar), "test", Instant.EPOCH);
    var out = new ByteArrayOutputStream();
    try (var writer = new TarWriter(out)) {
      put(writer, "abc/layer.tar", tar);
      put(writer, "config.json", document.bytes());
      put(
          writer,
          "manifest.json",
          "[{\"Config\":\"config.json\",\"RepoTags\":[\"saved/app:3\"],\"Layers\":[\"abc/layer.tar\"]}]"
              .getBytes());
    }
    ImageArchive.load(store, new ByteArrayInputStream(out.toByteArray()));
    assertEquals(
        "saved",
        Files.readString(store.unpacked("saved/app:3").layers().getFirst().resolve("file")));
  }

  @Test
  void loadsAnOciLayout() throws Exception {
    var made = image("made:1", "layout");
    var layout = Files.createDirectories(dir.resolve("layout"));
    Files.createDirectories(layout.resolve("blobs/sha256"));
    for (var blob : Trees.children(dir.resolve("store/blobs/sha256"))) {
      Files.copy(blob, layout.resolve("blobs/sha256").resolve(blob.getFileName()));
    }
    Files.writeString(
        layout.resolve("index.json"),
        "{\"manifests\":[{\"digest\":\""
            + made.digest()
            + "\",\"annotations\":{\"org.opencontainers.image.ref.name\":\"v9\"}}]}");
    var other = new ImageStore(dir.resolve("other"));
    ImageArchive.load(other, layout);
    assertEquals(made.digest(), other.find("loaded:v9").orElseThrow().digest());
  }

  private static void put(TarWriter writer, String name, byte[] content) throws IOException {
    writer.put(TarEntry.file(name, 0644, content.length, 0), new ByteArrayInputStream(content));
  }
}
