package dev.freeway.sessions;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class AgentMessageTest {
  private final AgentMessage message =
      new AgentMessage(
          AgentMessage.INPUT,
          0x1234,
          7,
          AgentMessage.SYN,
          UUID.fromString("00112233-4455-6677-8899-aabbccddeeff"),
          Payload.DATA,
          new byte[] {'h', 'i'});

  @Test
  void hasTheBytesOfTheDataChannel() throws Exception {
    byte[] raw = message.encode();
    assertEquals(122, raw.length);
    assertEquals(116, raw[3]);
    assertEquals("input_stream_data", new String(raw, 4, 32).strip());
    assertEquals((byte) 0x88, raw[64], "the lower half of the id comes first");
    assertEquals((byte) 0x00, raw[72]);
    AgentMessage back = AgentMessage.decode(raw);
    assertEquals(message.id(), back.id());
    assertEquals(message.sequence(), back.sequence());
    assertEquals(message.flags(), back.flags());
    assertEquals(message.created(), back.created());
    assertArrayEquals(message.payload(), back.payload());
  }

  @Test
  void takesTypesPaddedWithZeros() throws Exception {
    byte[] raw = message.encode();
    Arrays.fill(raw, 4, 36, (byte) 0);
    System.arraycopy("acknowledge".getBytes(), 0, raw, 25, 11);
    assertEquals("acknowledge", AgentMessage.decode(raw).type());
  }

  @Test
  void refusesWhatIsNoMessage() {
    byte[] raw = message.encode();
    byte[] changed = raw.clone();
    changed[120] = 'H';
    byte[] longer = Arrays.copyOf(raw, raw.length + 1);
    byte[] head = raw.clone();
    head[0] = 1;
    byte[] negative = raw.clone();
    negative[0] = -1;
    for (byte[] bad :
        new byte[][] {
          {}, new byte[119], new byte[500], changed, longer, head, negative, Arrays.copyOf(raw, 121)
        }) {
      assertThrows(AgentMessage.Malformed.class, () -> AgentMessage.decode(bad));
    }
  }
}
