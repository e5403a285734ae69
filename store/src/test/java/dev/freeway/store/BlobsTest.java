package dev.freeway.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlobsTest {
  static final String SHA256_OF_ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  @TempDir Path directory;
  Blobs blobs;

  @BeforeEach
  void open() throws IOException {
    blobs = Blobs.open(directory);
  }

  Blob write(String text) throws IOException {
    try (var writer = blobs.create()) {
      writer.write(text.getBytes(StandardCharsets.UTF_8));
      return writer.commit();
    }
  }

  long filesLeft() throws IOException {
    try (var all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile).count();
    }
  }

  @Test
  void givesBackWhatWasWrittenInPiecesOfAnySize() throws Exception {
    var random = new Random(1);
    var all = new byte[1_000_000];
    random.nextBytes(all);
    Blob blob;
    try (var writer = blobs.create(Digest.SHA256, Digest.MD5, Digest.SHA1)) {
      for (int at = 0; at < all.length; ) {
        int size =
            Math.min(all.length - at, 1 + random.nextInt(random.nextBoolean() ? 10 : 100_000));
        writer.write(all, at, size);
        at += size;
      }
      assertEquals(all.length, writer.size());
      blob = writer.commit();
    }
    assertEquals(all.length, blob.size());
    assertEquals(all.length, blobs.size(blob.id()));
    assertEquals(hex("SHA-256", all), blob.sha256());
    assertEquals(hex("MD5", all), blob.md5());
    assertEquals(hex("SHA-1", all), blob.digest(Digest.SHA1));
    try (var in = Blobs.open(directory).open(blob.id())) {
      assertArrayEquals(all, in.readAllBytes());
    }
  }

  private static String hex(String algorithm, byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
  }

  @Test
  void readsRanges() throws IOException {
    var id = write("0123456789").id();
    try (var in = blobs.open(id, 2, 5)) {
      assertEquals(5, in.available());
      assertEquals('2', in.read());
      assertEquals(2, in.skip(2));
      assertEquals("56", new String(in.readAllBytes(), StandardCharsets.UTF_8));
      assertEquals(-1, in.read());
      assertEquals(0, in.skip(1));
    }
    try (var none = blobs.open(id, 10, 0)) {
      assertEquals(-1, none.read());
    }
    assertThrows(IllegalArgumentException.class, () -> blobs.open(id, 5, 6));
    assertThrows(IllegalArgumentException.class, () -> blobs.open(id, -1, 1));
    assertThrows(IllegalArgumentException.class, () -> blobs.open(id, 1, Long.MAX_VALUE));
  }

  @Test
  void anEmptyBlobIsABlob() throws IOException {
    var blob = write("");
    assertEquals(0, blob.size());
    assertTrue(blobs.exists(blob.id()));
  }

  @Test
  void whatIsNotCommittedLeavesNothing() throws IOException {
    try (var writer = blobs.create()) {
      writer.write(new byte[100_000]);
      assertEquals(1, filesLeft());
    }
    assertEquals(0, filesLeft());
  }

  @Test
  void leftoversOfACrashAreRemovedAtOpening() throws IOException {
    var kept = write("kept");
    var writer = blobs.create();
    writer.write(new byte[100_000]);
    Blobs.open(directory);
    assertEquals(1, filesLeft());
    assertTrue(blobs.exists(kept.id()));
  }

  @Test
  void contentIsStoredOncePerDigest() throws IOException {
    for (int i = 0; i < 2; i++) {
      try (var writer = blobs.create(Digest.SHA256)) {
        writer.write("abc".getBytes(StandardCharsets.UTF_8));
        var blob = writer.commitAs(SHA256_OF_ABC);
        assertEquals(Blobs.idOfSha256(SHA256_OF_ABC), blob.id());
      }
    }
    assertEquals(1, filesLeft());
    assertEquals(3, blobs.size(Blobs.idOfSha256(SHA256_OF_ABC)));
  }

  @Test
  void refusesContentOfAnotherDigest() throws IOException {
    try (var writer = blobs.create(Digest.SHA256)) {
      writer.write('x');
      assertThrows(BlobWriter.DigestMismatch.class, () -> writer.commitAs(SHA256_OF_ABC));
    }
    assertEquals(0, filesLeft());
  }

  @Test
  void refusesToGoOnAfterTheEnd() throws IOException {
    var writer = blobs.create();
    writer.commit();
    assertThrows(IOException.class, () -> writer.write(1));
    assertThrows(IOException.class, writer::commit);
  }

  @Test
  void deletesWhileOthersRead() throws IOException {
    var id = write("text").id();
    try (var in = blobs.open(id)) {
      assertTrue(blobs.delete(id));
      assertEquals("text", new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
    assertFalse(blobs.delete(id));
    assertThrows(NoSuchFileException.class, () -> blobs.open(id));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "..", "../../etc/passwd", "sha256-x", "0123456789ABCDEF0123456789ABCDEF"})
  void refusesIdsThatAreNone(String id) {
    assertThrows(IllegalArgumentException.class, () -> blobs.path(id));
  }

  @Test
  void sweepsOldBlobsThatNobodyUses() throws IOException {
    var used = write("used").id();
    var orphan = write("orphan").id();
    assertEquals(0, blobs.sweep(Instant.EPOCH, used::equals));
    assertEquals(1, blobs.sweep(Instant.now().plusSeconds(60), used::equals));
    assertTrue(blobs.exists(used));
    assertFalse(blobs.exists(orphan));
  }
}
