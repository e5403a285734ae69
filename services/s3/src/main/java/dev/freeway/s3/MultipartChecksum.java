package dev.freeway.s3;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The checksum of a multipart object from those of its parts.
final class MultipartChecksum {
  private static final long CRC32 = 0xedb88320L;
  private static final long CRC32C = 0x82f63b78L;
  private static final long CRC64NVME = 0x9a6c9329ac4bc9b5L;

  private MultipartChecksum() {}

  /// Null when a part has none.
  static @Nullable Checksum of(ChecksumAlgorithm algorithm, String type, List<Upload.Part> parts) {
    if (parts.stream().anyMatch(p -> p.checksum() == null)) {
      return null;
    }
    return type.equals(Checksum.FULL) ? full(algorithm, parts) : composite(algorithm, parts);
  }

  private static Checksum composite(ChecksumAlgorithm algorithm, List<Upload.Part> parts) {
    ChecksumAlgorithm.Running sum = algorithm.start();
    for (Upload.Part p : parts) {
      byte[] value = bytes(p);
      sum.update(value, 0, value.length);
    }
    return new Checksum(algorithm, sum.base64() + "-" + parts.size(), Checksum.COMPOSITE);
  }

  private static Checksum full(ChecksumAlgorithm algorithm, List<Upload.Part> parts) {
    boolean wide = algorithm == ChecksumAlgorithm.CRC64NVME;
    long polynomial = wide ? CRC64NVME : algorithm == ChecksumAlgorithm.CRC32C ? CRC32C : CRC32;
    long crc = number(parts.getFirst(), wide);
    for (Upload.Part p : parts.subList(1, parts.size())) {
      crc = CrcCombine.combine(polynomial, wide ? 64 : 32, crc, number(p, wide), p.size());
    }
    byte[] value =
        wide
            ? ByteBuffer.allocate(8).putLong(crc).array()
            : ByteBuffer.allocate(4).putInt((int) crc).array();
    return new Checksum(algorithm, Base64.getEncoder().encodeToString(value), Checksum.FULL);
  }

  private static byte[] bytes(Upload.Part p) {
    return Base64.getDecoder().decode(java.util.Objects.requireNonNull(p.checksum()).value());
  }

  private static long number(Upload.Part p, boolean wide) {
    ByteBuffer b = ByteBuffer.wrap(bytes(p));
    return wide ? b.getLong() : b.getInt() & 0xffffffffL;
  }
}
