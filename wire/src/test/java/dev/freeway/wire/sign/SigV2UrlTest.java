package dev.freeway.wire.sign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.wire.Body;
import dev.freeway.wire.http.Headers;
import dev.freeway.wire.http.WireRequest;
import org.junit.jupiter.api.Test;

/// The example of the S3 developer guide, "Query String Request Authentication Alternative".
class SigV2UrlTest {
  private static final String SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
  private static final String QUERY =
      "AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Signature=NpgCjnDzrM%2BWFzoENXmpNDUsSn8%3D&Expires=1175139620";

  private static WireRequest request(String path, String query) {
    return new WireRequest("GET", path, query, Headers.of(), Body.of(""));
  }

  @Test
  void theGuidesExampleIsSigned() {
    WireRequest request = request("/johnsmith/photos/puppy.jpg", QUERY);
    SigV2Url url = SigV2Url.of(request);
    assertEquals("AKIAIOSFODNN7EXAMPLE", url.accessKey());
    assertEquals(1175139620L, url.expires());
    assertTrue(url.isSignedWith(SECRET, request));
  }

  @Test
  void anotherPathOrSecretOrSubresourceIsNot() {
    WireRequest request = request("/johnsmith/photos/puppy.jpg", QUERY);
    SigV2Url url = SigV2Url.of(request);
    assertFalse(url.isSignedWith("other", request));
    assertFalse(url.isSignedWith(SECRET, request("/johnsmith/photos/other.jpg", QUERY)));
    assertFalse(
        url.isSignedWith(SECRET, request("/johnsmith/photos/puppy.jpg", QUERY + "&versionId=1")));
  }

  @Test
  void otherRequestsAreNone() {
    assertNull(SigV2Url.of(request("/bucket/key", "X-Amz-Credential=x")));
    assertThrows(
        IllegalArgumentException.class,
        () -> SigV2Url.of(request("/bucket/key", "AWSAccessKeyId=x&Expires=1")));
  }
}
