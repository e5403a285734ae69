package dev.freeway.ingress;

import java.io.ByteArrayOutputStream;

/// The Huffman code of HPACK (RFC 7541, appendix B). It is canonical: codes count up by length,
/// then by symbol, so that the lengths say everything.
final class Huffman {
  /// The length of the code of each byte, in base 36.
  private static final String LENGTHS =
      """
      dnsssssssoussuss
      ssssssusssssssss
      6aacd68baa8b8666
      555666666678f6ca
      d677777777777777
      77777777878djde6
      f565656665776665
      67655677777fbeds
      kmkkmmmnmnnnnnon
      oomnonnnnlmnmnno
      mlkmmnnlnmmolmnn
      llmlnmnnkmmmnmmn
      qqkjmnmpqqqrrqop
      jlqrrqrollqqsrrr
      koklmllnmmppooqn
      qrqqrrrrrsrrrrrq
      """
          .replace("\n", "");

  private static final int EOS = 256;
  private static final int SHORTEST = 5;
  private static final int LONGEST = 30;

  private static final int[] LENGTH = new int[EOS + 1];
  private static final int[] CODE = new int[EOS + 1];

  /// By length: the first code, how many there are, and where their symbols start in `SYMBOLS`.
  private static final int[] FIRST = new int[LONGEST + 1];

  private static final int[] COUNT = new int[LONGEST + 1];
  private static final int[] START = new int[LONGEST + 1];
  private static final int[] SYMBOLS = new int[EOS + 1];

  static {
    for (int symbol = 0; symbol < EOS; symbol++) {
      LENGTH[symbol] = Character.digit(LENGTHS.charAt(symbol), 36);
    }
    LENGTH[EOS] = LONGEST;
    int code = 0;
    int next = 0;
    for (int length = 1; length <= LONGEST; length++) {
      code <<= 1;
      FIRST[length] = code;
      START[length] = next;
      for (int symbol = 0; symbol <= EOS; symbol++) {
        if (LENGTH[symbol] == length) {
          CODE[symbol] = code++;
          SYMBOLS[next++] = symbol;
        }
      }
      COUNT[length] = next - START[length];
    }
  }

  private Huffman() {}

  /// How many bytes the text takes.
  static int length(byte[] text) {
    long bits = 0;
    for (byte b : text) {
      bits += LENGTH[b & 0xff];
    }
    return (int) ((bits + 7) / 8);
  }

  static void encode(byte[] text, ByteArrayOutputStream to) {
    long bits = 0;
    int held = 0;
    for (byte b : text) {
      int symbol = b & 0xff;
      bits = bits << LENGTH[symbol] | CODE[symbol];
      held += LENGTH[symbol];
      while (held >= 8) {
        held -= 8;
        to.write((int) (bits >>> held));
      }
    }
    if (held > 0) {
      to.write((int) (bits << 8 - held | 0xff >>> held));
    }
  }

  /// Latin-1. Throws when the padding is not the beginning of the code for the end.
  static String decode(byte[] b, int from, int to) throws Http2Failure {
    StringBuilder text = new StringBuilder((to - from) * 8 / SHORTEST + 1);
    int code = 0;
    int length = 0;
    for (int i = from; i < to; i++) {
      for (int bit = 7; bit >= 0; bit--) {
        code = code << 1 | b[i] >> bit & 1;
        length++;
        if (length >= SHORTEST && code - FIRST[length] < COUNT[length]) {
          int symbol = SYMBOLS[START[length] + code - FIRST[length]];
          if (symbol == EOS) {
            throw Http2Failure.compression("end in a Huffman text");
          }
          text.append((char) symbol);
          code = 0;
          length = 0;
        }
      }
    }
    if (length > 7 || code != (1 << length) - 1) {
      throw Http2Failure.compression("Huffman padding");
    }
    return text.toString();
  }
}
