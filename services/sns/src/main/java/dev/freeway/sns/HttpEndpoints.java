package dev.freeway.sns;

import dev.freeway.sns.Attempts.Result;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Posts to HTTP endpoints. The client is made when it is first needed.
final class HttpEndpoints implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private @Nullable HttpClient client;

  Result post(Notification n, Subscriber s, String body) throws InterruptedException {
    try {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(s.endpoint()))
              .timeout(PATIENCE)
              .header("Content-Type", "text/plain; charset=UTF-8")
              .header("User-Agent", "Amazon Simple Notification Service Agent")
              .header("x-amz-sns-message-type", n.kind())
              .header("x-amz-sns-message-id", n.id())
              .header("x-amz-sns-topic-arn", n.topicArn())
              .POST(HttpRequest.BodyPublishers.ofString(body));
      if (n.kind().equals("Notification")) {
        request.header("x-amz-sns-subscription-arn", s.arn());
        if (s.raw()) {
          request.header("x-amz-sns-rawdelivery", "true");
        }
      }
      int status =
          client().send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
      if (status >= 200 && status < 300) {
        return new Result.Delivered();
      }
      String why = s.endpoint() + " answered " + status;
      return status >= 400 && status < 500 && status != 429
          ? new Result.Refused(why)
          : new Result.Unavailable(why);
    } catch (IOException e) {
      return new Result.Unavailable(s.endpoint() + ": " + e);
    } catch (IllegalArgumentException e) {
      return new Result.Refused(s.endpoint() + " is no URL: " + e.getMessage());
    }
  }

  private synchronized HttpClient client() {
    HttpClient known = client;
    if (known == null) {
      client =
          known =
              HttpClient.newBuilder()
                  .version(HttpClient.Version.HTTP_1_1)
                  .connectTimeout(PATIENCE)
                  .build();
    }
    return known;
  }

  @Override
  public synchronized void close() {
    if (client != null) {
      client.shutdownNow();
    }
  }
}
