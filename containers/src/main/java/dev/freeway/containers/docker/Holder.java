package dev.freeway.containers.docker;

import dev.freeway.containers.ContainerException;
import dev.freeway.containers.image.ImageDocument;
import dev.freeway.containers.image.ImageStore;
import dev.freeway.containers.image.Manifest;
import dev.freeway.containers.image.StoredImage;
import dev.freeway.containers.image.TarEntry;
import dev.freeway.containers.image.TarWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;

/// The image of the container that holds a sandbox's network: one program that waits for ever.
final class Holder {
  private static final int BASE = 0x400000;
  private static final int HEAD = 64 + 56;

  private Holder() {}

  static StoredImage image(ImageStore store) {
    var program = program();
    return store.making(
        () -> {
          try {
            var layer =
                store.addLayer(
                    out -> {
                      var tar = new TarWriter(out);
                      tar.put(
                          TarEntry.file("hold", 0755, program.length, 0),
                          new ByteArrayInputStream(program));
                      tar.close();
                    });
            var document = ImageDocument.empty();
            document.addLayer(layer.diffId(), "hold", Instant.EPOCH);
            document.config().putArray("Entrypoint").add("/hold");
            return store.commit(document, List.of(layer.blob()), List.of());
          } catch (IOException e) {
            throw new ContainerException.Failed("cannot make the holder's image", e);
          }
        });
  }

  /// An ELF program of one segment whose code is a loop around the system call that waits.
  private static byte[] program() {
    boolean arm = Manifest.architecture().equals("arm64");
    var code =
        HexFormat.of()
            .parseHex(
                arm
                    // x0–x4 = 0; x8 = 73 (ppoll); svc 0; again
                    ? "000080d2010080d2020080d2030080d2040080d2280980d2010000d4f9ffff17"
                    // eax = 34 (pause); syscall; again
                    : "b8220000000f05ebf7");
    var out = ByteBuffer.allocate(HEAD + code.length).order(ByteOrder.LITTLE_ENDIAN);
    out.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0});
    out.putShort((short) 2).putShort((short) (arm ? 183 : 62)).putInt(1);
    out.putLong(BASE + HEAD).putLong(64).putLong(0).putInt(0);
    out.putShort((short) 64).putShort((short) 56).putShort((short) 1);
    out.putShort((short) 64).putShort((short) 0).putShort((short) 0);
    // The segment: loadable, readable and executable, the whole file.
    out.putInt(1).putInt(5).putLong(0).putLong(BASE).putLong(BASE);
    out.putLong(HEAD + code.length).putLong(HEAD + code.length).putLong(0x1000);
    return out.put(code).array();
  }
}
