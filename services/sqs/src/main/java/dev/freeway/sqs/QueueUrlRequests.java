package dev.freeway.sqs;

import dev.freeway.wire.Body;
import dev.freeway.wire.http.QueryString;
import dev.freeway.wire.http.WireRequest;
import java.nio.charset.StandardCharsets;

/// The older protocol may send to a queue's own URL instead of naming the queue in a parameter.
final class QueueUrlRequests {
  private QueueUrlRequests() {}

  static WireRequest normalise(WireRequest request) {
    if (request.rawPath().length() < 2 || request.headers().get("X-Amz-Target") != null) {
      return request;
    }
    boolean post = request.method().equals("POST");
    String form = post ? new String(request.body().bytes(), StandardCharsets.UTF_8) : "";
    if ((form + "&" + request.rawQuery()).contains("QueueUrl=")) {
      return request;
    }
    String url = "http://" + request.headers().getOr("Host", "localhost") + request.rawPath();
    String parameter = "QueueUrl=" + QueryString.encode(url, false);
    return post
        ? request.withBody(Body.of(form + "&" + parameter))
        : new WireRequest(
            request.method(),
            request.rawPath(),
            request.rawQuery() + "&" + parameter,
            request.headers(),
            request.body());
  }
}
