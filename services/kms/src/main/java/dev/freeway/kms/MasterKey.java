package dev.freeway.kms;

import dev.freeway.platform.Aead;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import javax.crypto.AEADBadTagException;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// The node's own key, in a file only its owner may read: all key material in the store is sealed
/// with it. Who has the store but not this file has no key.
final class MasterKey {
  private static final int BYTES = 32;

  private final Path file;
  private @Nullable SecretKeySpec key;

  MasterKey(Path folder) {
    this.file = folder.resolve("kms-master.key");
  }

  /// @param bound what the sealed bytes belong to; opening needs the same
  byte[] seal(byte[] plain, String bound) {
    return Aead.seal(key(), plain, Aead.context(bound));
  }

  byte[] open(byte[] sealed, String bound) {
    try {
      return Aead.open(key(), sealed, Aead.context(bound));
    } catch (AEADBadTagException e) {
      throw new IllegalStateException("key material of " + bound + " is not of " + file, e);
    }
  }

  private synchronized SecretKeySpec key() {
    SecretKeySpec known = key;
    if (known == null) {
      try {
        known = new SecretKeySpec(Files.exists(file) ? Files.readAllBytes(file) : make(), "AES");
      } catch (IOException e) {
        throw new UncheckedIOException("cannot use " + file, e);
      }
      if (known.getEncoded().length != BYTES) {
        throw new IllegalStateException(file + " is not a key of " + BYTES + " bytes");
      }
      key = known;
    }
    return known;
  }

  // On disk whole and by name before anything is sealed with it.
  private byte[] make() throws IOException {
    byte[] bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    Files.createDirectories(file.getParent());
    Path fresh = file.resolveSibling("kms-master.new");
    Files.deleteIfExists(fresh);
    Files.createFile(
        fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try (FileChannel out = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
      out.write(ByteBuffer.wrap(bytes));
      out.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel folder = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
      folder.force(true);
    }
    return bytes;
  }
}
