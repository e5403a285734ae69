package dev.freeway.s3;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/// The checksums of `x-amz-checksum-*`, computed while bytes pass.
enum ChecksumAlgorithm {
  CRC32(() -> Running.of(new CRC32(), 4)),
  CRC32C(() -> Running.of(new CRC32C(), 4)),
  CRC64NVME(() -> Running.of(new Crc64Nvme(), 8)),
  SHA1(() -> Running.of(digest("SHA-1"))),
  SHA256(() -> Running.of(digest("SHA-256"))),
  SHA512(() -> Running.of(digest("SHA-512"))),
  MD5(() -> Running.of(digest("MD5")));

  private final Supplier<Running> start;

  ChecksumAlgorithm(Supplier<Running> start) {
    this.start = start;
  }

  Running start() {
    return start.get();
  }

  /// The name of the request header and trailer.
  String header() {
    return "x-amz-checksum-" + name().toLowerCase(Locale.ROOT);
  }

  /// Empty when Freeway does not compute it.
  static Optional<ChecksumAlgorithm> named(String name) {
    for (ChecksumAlgorithm a : values()) {
      if (a.name().equalsIgnoreCase(name)) {
        return Optional.of(a);
      }
    }
    return Optional.empty();
  }

  /// Whether a multipart object's checksum can be that of its whole content.
  boolean isCrc() {
    return this == CRC32 || this == CRC32C || this == CRC64NVME;
  }

  private static MessageDigest digest(String name) {
    try {
      return MessageDigest.getInstance(name);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has " + name, e);
    }
  }

  /// One computation.
  interface Running {
    void update(byte[] bytes, int offset, int length);

    byte[] value();

    default String base64() {
      return Base64.getEncoder().encodeToString(value());
    }

    static Running of(MessageDigest digest) {
      return new Running() {
        @Override
        public void update(byte[] bytes, int offset, int length) {
          digest.update(bytes, offset, length);
        }

        @Override
        public byte[] value() {
          return digest.digest();
        }
      };
    }

    static Running of(java.util.zip.Checksum sum, int width) {
      return new Running() {
        @Override
        public void update(byte[] bytes, int offset, int length) {
          sum.update(bytes, offset, length);
        }

        @Override
        public byte[] value() {
          byte[] out = new byte[width];
          for (int i = 0; i < width; i++) {
            out[i] = (byte) (sum.getValue() >>> 8 * (width - 1 - i));
          }
          return out;
        }
      };
    }
  }
}
