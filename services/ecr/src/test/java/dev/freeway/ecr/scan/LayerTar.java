package dev.freeway.ecr.scan;

import dev.freeway.containers.image.TarEntry;
import dev.freeway.containers.image.TarWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// Makes layers for tests.
public final class LayerTar {
  private LayerTar() {}

  /// @param files names and contents in turn; texts or bytes
  public static byte[] of(Object... files) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarWriter tar = new TarWriter(new GZIPOutputStream(bytes))) {
      for (int i = 0; i < files.length; i += 2) {
        byte[] content = bytes(files[i + 1]);
        tar.put(
            TarEntry.file((String) files[i], 0644, content.length, 0),
            new ByteArrayInputStream(content));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /// @param files as in [#of]
  public static byte[] jar(Object... files) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (int i = 0; i < files.length; i += 2) {
        zip.putNextEntry(new ZipEntry((String) files[i]));
        zip.write(bytes(files[i + 1]));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static byte[] bytes(Object content) {
    return content instanceof byte[] b ? b : ((String) content).getBytes(StandardCharsets.UTF_8);
  }
}
