package dev.freeway.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MultipartChecksumTest {
  private static String sum(ChecksumAlgorithm a, byte[] bytes, int from, int to) {
    var running = a.start();
    running.update(bytes, from, to - from);
    return running.base64();
  }

  @ParameterizedTest
  @EnumSource(names = {"CRC32", "CRC32C", "CRC64NVME"})
  void thatOfTheWholeFollowsFromThoseOfTheParts(ChecksumAlgorithm a) {
    byte[] bytes = new byte[100_003];
    new Random(7).nextBytes(bytes);
    int[] cuts = {0, 1, 5, 65_536, 99_999, bytes.length};
    var parts = new java.util.ArrayList<Upload.Part>();
    for (int i = 1; i < cuts.length; i++) {
      parts.add(
          new Upload.Part(
              i,
              "",
              Instant.EPOCH,
              new Segment("", 0, cuts[i] - cuts[i - 1]),
              new Checksum(a, sum(a, bytes, cuts[i - 1], cuts[i]), Checksum.FULL)));
    }
    Checksum whole = MultipartChecksum.of(a, Checksum.FULL, List.copyOf(parts));
    assertEquals(sum(a, bytes, 0, bytes.length), whole.value());
  }
}
