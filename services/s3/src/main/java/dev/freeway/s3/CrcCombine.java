package dev.freeway.s3;

/// The CRC of two stretches of bytes from the CRC of each, without the bytes: appending zeros to a
/// stretch is a linear map over bits, squared for each doubling of their number.
final class CrcCombine {
  private CrcCombine() {}

  /// @param reflected the algorithm's polynomial, bits reversed
  /// @param width 32 or 64
  static long combine(long reflected, int width, long first, long second, long secondLength) {
    if (secondLength == 0) {
      return first;
    }
    long[] odd = new long[width];
    odd[0] = reflected;
    for (int i = 1; i < width; i++) {
      odd[i] = 1L << (i - 1);
    }
    // One zero bit, then two, then four; eight and on in the loop.
    long[] power = square(square(odd));
    long crc = first;
    for (long n = secondLength; n != 0; n >>>= 1) {
      power = square(power);
      if ((n & 1) != 0) {
        crc = times(power, crc);
      }
    }
    return crc ^ second;
  }

  private static long times(long[] matrix, long vector) {
    long sum = 0;
    for (int i = 0; vector != 0; vector >>>= 1, i++) {
      if ((vector & 1) != 0) {
        sum ^= matrix[i];
      }
    }
    return sum;
  }

  private static long[] square(long[] matrix) {
    long[] out = new long[matrix.length];
    for (int i = 0; i < matrix.length; i++) {
      out[i] = times(matrix, matrix[i]);
    }
    return out;
  }
}
