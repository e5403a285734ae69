package dev.freeway.s3;

import java.util.zip.Checksum;

/// CRC-64/NVME as the NVM Express specification defines it: reflected, polynomial
/// `0xad93d23594c93659`, all ones before and inverted after. Eight bytes at a time.
final class Crc64Nvme implements Checksum {
  private static final long POLYNOMIAL = 0x9a6c9329ac4bc9b5L;
  private static final long[][] TABLES = tables();

  private long crc = ~0L;

  private static long[][] tables() {
    long[][] t = new long[8][256];
    for (int i = 0; i < 256; i++) {
      long c = i;
      for (int bit = 0; bit < 8; bit++) {
        c = (c & 1) == 0 ? c >>> 1 : c >>> 1 ^ POLYNOMIAL;
      }
      t[0][i] = c;
    }
    for (int k = 1; k < 8; k++) {
      for (int i = 0; i < 256; i++) {
        t[k][i] = t[k - 1][i] >>> 8 ^ t[0][(int) t[k - 1][i] & 0xff];
      }
    }
    return t;
  }

  @Override
  public void update(int b) {
    crc = TABLES[0][(int) (crc ^ b) & 0xff] ^ crc >>> 8;
  }

  @Override
  public void update(byte[] bytes, int offset, int length) {
    long c = crc;
    int i = offset;
    int end = offset + length;
    for (; i + 8 <= end; i += 8) {
      c =
          TABLES[7][(int) (c ^ bytes[i]) & 0xff]
              ^ TABLES[6][(int) (c >>> 8 ^ bytes[i + 1]) & 0xff]
              ^ TABLES[5][(int) (c >>> 16 ^ bytes[i + 2]) & 0xff]
              ^ TABLES[4][(int) (c >>> 24 ^ bytes[i + 3]) & 0xff]
              ^ TABLES[3][(int) (c >>> 32 ^ bytes[i + 4]) & 0xff]
              ^ TABLES[2][(int) (c >>> 40 ^ bytes[i + 5]) & 0xff]
              ^ TABLES[1][(int) (c >>> 48 ^ bytes[i + 6]) & 0xff]
              ^ TABLES[0][(int) (c >>> 56 ^ bytes[i + 7]) & 0xff];
    }
    for (; i < end; i++) {
      c = TABLES[0][(int) (c ^ bytes[i]) & 0xff] ^ c >>> 8;
    }
    crc = c;
  }

  @Override
  public long getValue() {
    return ~crc;
  }

  @Override
  public void reset() {
    crc = ~0L;
  }
}
