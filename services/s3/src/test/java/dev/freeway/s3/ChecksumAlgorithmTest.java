package dev.freeway.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class ChecksumAlgorithmTest {
  private static String hex(ChecksumAlgorithm algorithm, int step) {
    byte[] digits = "123456789".getBytes(StandardCharsets.US_ASCII);
    ChecksumAlgorithm.Running sum = algorithm.start();
    for (int i = 0; i < digits.length; i += step) {
      sum.update(digits, i, Math.min(step, digits.length - i));
    }
    return HexFormat.of().formatHex(sum.value());
  }

  @Test
  void givesThePublishedCheckValues() {
    assertEquals("cbf43926", hex(ChecksumAlgorithm.CRC32, 9));
    assertEquals("e3069283", hex(ChecksumAlgorithm.CRC32C, 9));
    assertEquals("ae8b14860a799888", hex(ChecksumAlgorithm.CRC64NVME, 9));
  }

  @Test
  void crc64DoesNotDependOnHowTheBytesArrive() {
    assertEquals("ae8b14860a799888", hex(ChecksumAlgorithm.CRC64NVME, 1));
    assertEquals("ae8b14860a799888", hex(ChecksumAlgorithm.CRC64NVME, 4));
  }
}
