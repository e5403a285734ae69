package dev.freeway.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What breaks the rules ends the stream or the connection, and never reaches a target.
class Http2AbuseTest {
  private static KeyStore keys;

  private TestBalancer balancer;
  private TestTarget target;
  private final List<String> received = java.util.Collections.synchronizedList(new ArrayList<>());

  @BeforeAll
  static void keys() {
    keys = TestKeys.store("localhost");
  }

  @BeforeEach
  void start() throws Exception {
    target =
        new TestTarget(
            talk -> {
              for (String head; (head = talk.request()) != null; ) {
                received.add(head);
                if (head.startsWith("POST /waits")) {
                  talk.rest();
                }
                talk.say(TestTarget.ok("fine"));
              }
            });
    balancer = new TestBalancer();
    balancer
        .tls(
            Listener.Protocol.HTTPS,
            new TlsConfig(
                List.of(TestKeys.certificate(keys)),
                List.of("TLSv1.3"),
                List.of(),
                List.of("h2"),
                java.util.Optional.empty()))
        .targets(target);
  }

  @AfterEach
  void stop() throws IOException {
    balancer.close();
    target.close();
  }

  private Http2Talk talk() throws Exception {
    return Http2Talk.to(balancer.address());
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /, connection, close",
    "GET, /, transfer-encoding, chunked",
    "GET, /, te, gzip",
    "GET, /, Upper, case",
    "GET, /, bad name, x",
    "GET, /, :path, /again",
    "GET, /, :protocol, websocket",
    "GET, /, content-length, 5",
    "GET, /, content-length, five",
    "GET, nothing, a, b",
    "GET, '/ HTTP/1.1', a, b",
    "GE T, /, a, b",
    "'', /, a, b",
  })
  void aMalformedRequestIsResetAndReachesNobody(
      String method, String path, String name, String value) throws Exception {
    try (Http2Talk talk = talk()) {
      talk.get(1, "/first");
      talk.response(1);
      talk.headers(3, Http2Talk.request(method, path, name, value), true);
      assertEquals("<reset PROTOCOL_ERROR>", talk.response(3));
      talk.get(5, "/last");
      assertTrue(talk.response(5).endsWith("fine"));
    }
    assertEquals(2, received.size());
  }

  @Test
  void nobodyWritesLinesIntoARequest() throws Exception {
    try (Http2Talk talk = talk()) {
      int stream = 1;
      for (String evil : List.of("a\r\nX-Evil: 1", "a\nb", "a\0b", " a", "a\r")) {
        talk.get(stream, "/", "x-fine", evil);
        assertEquals("<reset PROTOCOL_ERROR>", talk.response(stream));
        talk.get(stream + 2, "/" + evil);
        String answer = talk.response(stream + 2);
        assertTrue(answer.endsWith("<reset PROTOCOL_ERROR>"), answer);
        stream += 4;
      }
    }
    assertEquals(List.of(), received);
  }

  @Test
  void headersHaveTheLimitsOfHttp1() throws Exception {
    try (Http2Talk talk = talk()) {
      talk.get(1, "/" + "p".repeat(17_000));
      assertTrue(talk.response(1).startsWith(":status: 414\n"));
      talk.get(3, "/", "x-big", "v".repeat(17_000));
      assertTrue(talk.response(3).startsWith(":status: 400\n"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    // type, flags, stream, payload, error
    "0, 0, 0, 00, PROTOCOL_ERROR", // data of no stream
    "0, 0, 7, 00, PROTOCOL_ERROR", // data of an idle stream
    "0, 8, 1, 05, PROTOCOL_ERROR", // more padding than frame
    "1, 5, 0, 82, PROTOCOL_ERROR", // headers of no stream
    "1, 5, 2, 82, PROTOCOL_ERROR", // a number that clients do not use
    "1, 5, 1, 80, COMPRESSION_ERROR",
    "2, 0, 1, 00, FRAME_SIZE_ERROR",
    "3, 0, 1, 00, FRAME_SIZE_ERROR",
    "3, 0, 9, 00000008, PROTOCOL_ERROR", // reset of an idle stream
    "4, 0, 1, 000400000001, PROTOCOL_ERROR", // settings of a stream
    "4, 0, 0, 0004, FRAME_SIZE_ERROR",
    "4, 1, 0, 000400000001, FRAME_SIZE_ERROR", // an acknowledgement that says something
    "4, 0, 0, 000480000000, FLOW_CONTROL_ERROR",
    "4, 0, 0, 000500000001, PROTOCOL_ERROR",
    "4, 0, 0, 000200000002, PROTOCOL_ERROR",
    "5, 4, 1, 0000000282, PROTOCOL_ERROR",
    "6, 0, 0, 00, FRAME_SIZE_ERROR",
    "6, 0, 1, 0000000000000000, PROTOCOL_ERROR",
    "7, 0, 1, 0000000000000000, PROTOCOL_ERROR",
    "8, 0, 0, 00000000, PROTOCOL_ERROR",
    "8, 0, 0, 7fffffff, FLOW_CONTROL_ERROR",
    "8, 0, 0, 0000, FRAME_SIZE_ERROR",
    "9, 4, 1, 82, PROTOCOL_ERROR" // a continuation of nothing
  })
  void aBrokenFrameEndsTheConnection(
      int type, int flags, int stream, String payload, Http2Error error) throws Exception {
    try (Http2Talk talk = talk()) {
      talk.frame(type, flags, stream, java.util.HexFormat.of().parseHex(payload));
      assertEquals(error, talk.next(Http2Writer.GOAWAY).error());
    }
  }

  @Test
  void nothingComesBetweenTheFramesOfAHeaderBlock() throws Exception {
    try (Http2Talk talk = talk()) {
      talk.frame(Http2Writer.HEADERS, 1, 1, new byte[] {(byte) 0x82});
      talk.frame(Http2Writer.PING, 0, 0, new byte[8]);
      assertEquals(Http2Error.PROTOCOL_ERROR, talk.next(Http2Writer.GOAWAY).error());
    }
  }

  @Test
  void aFrameThatIsTooLongOrNoPrefaceEndsTheConnection() throws Exception {
    try (Http2Talk talk = talk()) {
      talk.raw(new byte[] {0, 0x40, 1, 0, 0, 0, 0, 0, 1});
      assertEquals(Http2Error.FRAME_SIZE_ERROR, talk.next(Http2Writer.GOAWAY).error());
    }
    try (Http2Talk talk = Http2Talk.bare(balancer.address())) {
      talk.raw(Octets.of("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
      assertEquals(null, talk.next());
    }
  }

  @Test
  void continuationsWithoutEndAreNotCollected() throws Exception {
    try (Http2Talk talk = talk()) {
      talk.frame(Http2Writer.HEADERS, 1, 1, new byte[] {(byte) 0x82});
      flood(talk, Http2Writer.CONTINUATION, 0, 1, new byte[0], 100);
      assertEquals(Http2Error.ENHANCE_YOUR_CALM, talk.next(Http2Writer.GOAWAY).error());
    }
    try (Http2Talk talk = talk()) {
      talk.frame(Http2Writer.HEADERS, 1, 1, new byte[] {(byte) 0x82});
      flood(talk, Http2Writer.CONTINUATION, 0, 1, new byte[16_000], 20);
      assertEquals(Http2Error.ENHANCE_YOUR_CALM, talk.next(Http2Writer.GOAWAY).error());
    }
  }

  private static void flood(
      Http2Talk talk, int type, int flags, int stream, byte[] payload, int times) {
    try {
      for (int i = 0; i < times; i++) {
        talk.frame(type, flags, stream, payload);
      }
    } catch (IOException hungUp) {
      // As it should.
    }
  }

  @Test
  void floodsOfFramesThatBringNothingAreEnded() throws Exception {
    for (int type : new int[] {Http2Writer.PING, Http2Writer.SETTINGS, Http2Writer.PRIORITY}) {
      int size = type == Http2Writer.PING ? 8 : type == Http2Writer.PRIORITY ? 5 : 0;
      try (Http2Talk talk = talk()) {
        Thread.ofVirtual()
            .start(
                () ->
                    flood(
                        talk, type, 0, type == Http2Writer.PRIORITY ? 1 : 0, new byte[size], 9000));
        assertEquals(Http2Error.ENHANCE_YOUR_CALM, talk.next(Http2Writer.GOAWAY).error());
      }
    }
  }

  @Test
  void requestsThatAreResetAtOnceAreEndedSoon() throws Exception {
    try (Http2Talk talk = talk()) {
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  for (int stream = 1; stream < 20_000; stream += 2) {
                    talk.get(stream, "/rapid");
                    talk.frame(Http2Writer.RST_STREAM, 0, stream, Http2Talk.int32(8));
                  }
                } catch (IOException hungUp) {
                  // As it should.
                }
              });
      assertEquals(Http2Error.ENHANCE_YOUR_CALM, talk.next(Http2Writer.GOAWAY).error());
      assertTrue(received.size() < 5000, "reached the target: " + received.size());
    }
  }

  @Test
  void moreStreamsThanAllowedAreRefused() throws Exception {
    try (Http2Talk talk = talk()) {
      for (int i = 0; i <= Http2Session.MAX_STREAMS; i++) {
        talk.headers(1 + 2 * i, Http2Talk.request("POST", "/waits"), false);
      }
      Http2Talk.Frame reset = talk.next(Http2Writer.RST_STREAM);
      assertEquals(1 + 2 * Http2Session.MAX_STREAMS, reset.stream());
      assertEquals(Http2Error.REFUSED_STREAM, reset.error());
    }
  }

  @Test
  void aBodyMustHaveTheLengthThatWasSaid() throws Exception {
    try (TestTarget stuck =
        new TestTarget(
            talk -> {
              talk.head();
              talk.in.skipNBytes(1L << 40);
            })) {
      balancer.targets(TestBalancer.group("tg", stuck));
      try (Http2Talk talk = talk()) {
        talk.headers(1, Http2Talk.request("POST", "/", "content-length", "10"), false);
        talk.data(1, "01234567890", false);
        assertEquals("<reset PROTOCOL_ERROR>", talk.response(1));
        talk.headers(3, Http2Talk.request("POST", "/", "content-length", "10"), false);
        talk.data(3, "0", true);
        assertEquals("<reset PROTOCOL_ERROR>", talk.response(3));
      }
    }
  }

  @Test
  void randomDamageEndsNothingElse() throws Exception {
    Random random = new Random(11);
    for (int round = 0; round < 60; round++) {
      try (Http2Talk talk = talk()) {
        for (int i = 0; i < 20; i++) {
          byte[] payload = new byte[random.nextInt(40)];
          random.nextBytes(payload);
          talk.frame(random.nextInt(11), random.nextInt(256), random.nextInt(6), payload);
        }
      } catch (IOException hungUp) {
        // It may; others must not notice.
      }
    }
    try (Http2Talk talk = talk()) {
      talk.get(1, "/");
      assertTrue(talk.response(1).endsWith("fine"));
    }
  }
}
