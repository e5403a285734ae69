package dev.freeway.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// With the examples of RFC 7541, appendix C.
class HpackTest {
  private final HpackDecoder decoder = new HpackDecoder(65536);

  private String decode(String hex) throws Http2Failure {
    byte[] block = HexFormat.of().parseHex(hex.replace(" ", ""));
    StringBuilder lines = new StringBuilder();
    for (Field f : decoder.decode(block, 0, block.length).fields()) {
      lines.append(f.name()).append(": ").append(f.value()).append('\n');
    }
    return lines.toString();
  }

  @Test
  void readsTheRequestsOfTheSpecificationWithoutHuffman() throws Http2Failure {
    assertEquals(
        """
        :method: GET
        :scheme: http
        :path: /
        :authority: www.example.com
        """,
        decode("8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d"));
    assertEquals(
        """
        :method: GET
        :scheme: http
        :path: /
        :authority: www.example.com
        cache-control: no-cache
        """,
        decode("8286 84be 5808 6e6f 2d63 6163 6865"));
    assertEquals(
        """
        :method: GET
        :scheme: https
        :path: /index.html
        :authority: www.example.com
        custom-key: custom-value
        """,
        decode("8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65"));
  }

  @Test
  void readsTheRequestsOfTheSpecificationWithHuffman() throws Http2Failure {
    assertEquals(
        """
        :method: GET
        :scheme: http
        :path: /
        :authority: www.example.com
        """,
        decode("8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff"));
    assertEquals(
        """
        :method: GET
        :scheme: http
        :path: /
        :authority: www.example.com
        cache-control: no-cache
        """,
        decode("8286 84be 5886 a8eb 1064 9cbf"));
    assertEquals(
        """
        :method: GET
        :scheme: https
        :path: /index.html
        :authority: www.example.com
        custom-key: custom-value
        """,
        decode("8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf"));
  }

  @Test
  void readsFieldsThatAreNotToBeIndexed() throws Http2Failure {
    assertEquals(":path: /sample/path\n", decode("040c 2f73 616d 706c 652f 7061 7468"));
    assertEquals("password: secret\n", decode("1008 7061 7373 776f 7264 0673 6563 7265 74"));
  }

  @Test
  void writesTheRequestOfTheSpecification() {
    byte[] block =
        new HpackEncoder()
            .encode(
                List.of(
                    new Field(":method", "GET"),
                    new Field(":scheme", "http"),
                    new Field(":authority", "www.example.com")));
    assertEquals("828641" + "8cf1e3c2e5f23a6ba0ab90f4ff", HexFormat.of().formatHex(block));
  }

  @Test
  void theTableForgetsTheOldestAndStaysInStep() throws Http2Failure {
    HpackEncoder encoder = new HpackEncoder();
    Random random = new Random(7);
    for (int round = 0; round < 500; round++) {
      if (round % 50 == 49) {
        encoder.limit(random.nextInt(5000));
      }
      List<Field> fields = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        fields.add(new Field("x-" + random.nextInt(60), text(random, random.nextInt(40))));
        fields.add(new Field("server", "one of " + random.nextInt(5)));
      }
      byte[] block = encoder.encode(fields);
      assertEquals(fields, decoder.decode(block, 0, block.length).fields());
    }
  }

  private static String text(Random random, int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append((char) random.nextInt(256));
    }
    return text.toString();
  }

  @Test
  void everyByteSurvivesHuffman() throws Http2Failure {
    for (int c = 0; c < 256; c++) {
      byte[] text = {'a', (byte) c, 'b', (byte) c};
      ByteArrayOutputStream coded = new ByteArrayOutputStream();
      Huffman.encode(text, coded);
      assertEquals(coded.size(), Huffman.length(text));
      assertEquals(Octets.text(text, 0, 4), Huffman.decode(coded.toByteArray(), 0, coded.size()));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "80", // no such number
        "ff ff ff ff ff ff 0f", // a number without end
        "be", // nothing in the table yet
        "40 0a 61", // text ends early
        "00 84 ff ff ff ff 00", // the code for the end
        "00 81 00 00", // padding of zeros
        "82 20", // the table's size in the middle
        "3f e2 1f", // a larger table than allowed
        "0f"
      })
  void refusesWhatIsBroken(String hex) {
    Http2Failure failure = assertThrows(Http2Failure.class, () -> decode(hex));
    assertEquals(Http2Error.COMPRESSION_ERROR, failure.error);
  }

  @Test
  void aFewBytesCannotUnfoldIntoMuch() throws Http2Failure {
    byte[] big = new byte[4000];
    java.util.Arrays.fill(big, (byte) 'a');
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    block.writeBytes(new byte[] {0x40, 1, 'x', 0x7f, (byte) 0xa1, 0x1e});
    block.write(big, 0, 4000);
    for (int i = 0; i < 10_000; i++) {
      block.write(0xbe);
    }
    byte[] bytes = block.toByteArray();
    HpackDecoder.Block read = decoder.decode(bytes, 0, bytes.length);
    assertFalse(read.complete());
    assertEquals(16, read.fields().size());
  }
}
