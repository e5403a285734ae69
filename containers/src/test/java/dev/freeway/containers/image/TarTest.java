package dev.freeway.containers.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TarTest {
  @TempDir Path dir;

  @Test
  void readsWhatItWrote() throws Exception {
    var long1 = "d/" + "n".repeat(300);
    var entries =
        List.of(
            TarEntry.directory("d/", 01777, 5),
            TarEntry.file(long1, 04755, 3, 1_700_000_000L).ownedBy(3_000_000, 7),
            TarEntry.file("d/ünï", 0600, 3, 0),
            TarEntry.symbolicLink("l", "t".repeat(200), 9),
            new TarEntry("h", TarEntry.Type.HARD_LINK, 0644, 0, 0, 0, 1, long1, 0, 0, Map.of()),
            new TarEntry("c", TarEntry.Type.CHARACTER_DEVICE, 0666, 0, 0, 0, 1, "", 1, 3, Map.of()),
            new TarEntry(
                "x",
                TarEntry.Type.FILE,
                0755,
                0,
                0,
                3,
                1,
                "",
                0,
                0,
                Map.of("security.capability", "\u0001\u00ff\u0000=")));
    var out = new ByteArrayOutputStream();
    try (var writer = new TarWriter(out)) {
      for (var entry : entries) {
        writer.put(entry, new ByteArrayInputStream("abc".getBytes()));
      }
    }
    var reader = new TarReader(new ByteArrayInputStream(out.toByteArray()));
    for (var entry : entries) {
      assertEquals(entry, reader.next());
      assertArrayEquals(
          entry.size() == 0 ? new byte[0] : "abc".getBytes(), reader.content().readAllBytes());
    }
    assertNull(reader.next());
  }

  @Test
  void readsWhatTheTarCommandWritesInEachForm() throws Exception {
    var name = "n".repeat(150);
    Files.writeString(dir.resolve(name), "content");
    Files.createSymbolicLink(dir.resolve("link"), Path.of("m".repeat(150)));
    for (var form : List.of("gnu", "pax")) {
      var tar = new ProcessBuilder("tar", "--format=" + form, "-cf", "-", name, "link");
      var bytes = tar.directory(dir.toFile()).start().getInputStream().readAllBytes();
      var reader = new TarReader(new ByteArrayInputStream(bytes));
      assertEquals(name, reader.next().name());
      assertEquals("content", new String(reader.content().readAllBytes()));
      assertEquals("m".repeat(150), reader.next().link());
      assertNull(reader.next());
    }
  }

  @Test
  void refusesDamagedArchives() {
    var noise = new byte[1024];
    java.util.Arrays.fill(noise, (byte) 'x');
    assertThrows(IOException.class, () -> new TarReader(new ByteArrayInputStream(noise)).next());
  }

  private void unpack(TarEntry... entries) throws IOException {
    var out = new ByteArrayOutputStream();
    try (var writer = new TarWriter(out)) {
      for (var entry : entries) {
        writer.put(entry, new ByteArrayInputStream("abc".getBytes()));
      }
    }
    LayerUnpacker.unpack(new ByteArrayInputStream(out.toByteArray()), dir.resolve("layer"));
  }

  @Test
  void refusesMembersThatLeaveTheLayer() {
    var outside = dir.resolve("planted");
    for (var entries :
        List.of(
            new TarEntry[] {TarEntry.file("../planted", 0644, 3, 0)},
            new TarEntry[] {TarEntry.file("a/../../planted", 0644, 3, 0)},
            new TarEntry[] {
              TarEntry.symbolicLink("out", dir.toString(), 0),
              TarEntry.file("out/planted", 0644, 3, 0)
            },
            new TarEntry[] {
              new TarEntry(
                  "h",
                  TarEntry.Type.HARD_LINK,
                  0644,
                  0,
                  0,
                  0,
                  0,
                  "../../etc/passwd",
                  0,
                  0,
                  Map.of())
            },
            new TarEntry[] {TarEntry.file("a/.wh...", 0, 0, 0)})) {
      assertThrows(IOException.class, () -> unpack(entries));
      assertEquals(false, Files.exists(outside));
    }
  }
}
