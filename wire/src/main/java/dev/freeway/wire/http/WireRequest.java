package dev.freeway.wire.http;

import dev.freeway.wire.Body;
import java.util.List;

/// An HTTP request as it came.
///
/// @param rawPath percent-encoded, without the query
/// @param rawQuery percent-encoded, empty when there is none
public record WireRequest(
    String method, String rawPath, String rawQuery, Headers headers, Body body) {

  public List<QueryString.Pair> query() {
    return QueryString.parse(rawQuery);
  }

  public WireRequest withPath(String path) {
    return new WireRequest(method, path, rawQuery, headers, body);
  }

  public WireRequest withBody(Body other) {
    return new WireRequest(method, rawPath, rawQuery, headers, other);
  }
}
