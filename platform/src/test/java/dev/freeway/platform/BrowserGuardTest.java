package dev.freeway.platform;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.freeway.wire.Body;
import dev.freeway.wire.http.Headers;
import dev.freeway.wire.http.WireRequest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BrowserGuardTest {
  @ParameterizedTest
  @CsvSource({
    "localhost:4566, , false",
    "localhost:4566, http://localhost:4566, false",
    "127.0.0.1:4566, http://127.0.0.1:4566, false",
    "bucket.s3.localhost:4566, http://bucket.s3.localhost:4566, false",
    "localhost:4566, http://localhost:3000, true",
    "localhost:4566, https://example.com, true",
    "localhost:4566, null, true",
    "rebound.example.com:4566, http://rebound.example.com:4566, true"
  })
  void onlyPagesOfOurOwnAreNotForeign(String host, String origin, boolean foreign) {
    Headers headers = Headers.of("Host", host);
    if (origin != null) {
      headers.add("Origin", origin);
    }
    WireRequest request = new WireRequest("POST", "/", "", headers, Body.of(""));
    assertEquals(foreign, new BrowserGuard("127.0.0.1").foreign(request));
  }
}
