package dev.freeway.containers.image;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.HashSet;
import tools.jackson.databind.json.JsonMapper;

/// Writes images in the form of `docker save`, which engines and buildah load. Layers go as they
/// are stored; whoever loads them looks at their first bytes for compression.
public final class ArchiveWriter {
  private ArchiveWriter() {}

  /// @param name the tag it is to have where it is loaded
  public static void write(ImageStore store, StoredImage image, String name, OutputStream out)
      throws IOException {
    var json = JsonMapper.shared();
    var manifest = json.createArrayNode();
    var entry = manifest.addObject();
    var config = hex(image.config()) + ".json";
    entry.put("Config", config);
    entry.putArray("RepoTags").add(name);
    var layers = entry.putArray("Layers");
    for (var layer : image.layers()) {
      layers.add(hex(layer) + "/layer.tar");
    }
    var tar = new TarWriter(out);
    var written = new HashSet<String>();
    for (var layer : image.layers()) {
      if (written.add(layer.digest())) {
        tar.put(TarEntry.directory(hex(layer) + "/", 0755, 0));
        try (var in = store.blob(layer.digest())) {
          tar.put(TarEntry.file(hex(layer) + "/layer.tar", 0644, layer.size(), 0), in);
        }
      }
    }
    try (var in = store.blob(image.config().digest())) {
      tar.put(TarEntry.file(config, 0644, image.config().size(), 0), in);
    }
    var bytes = json.writeValueAsBytes(manifest);
    tar.put(TarEntry.file("manifest.json", 0644, bytes.length, 0), new ByteArrayInputStream(bytes));
    tar.close();
  }

  private static String hex(Descriptor blob) throws IOException {
    return Sha256.hex(blob.digest());
  }
}
