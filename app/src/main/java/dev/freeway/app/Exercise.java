package dev.freeway.app;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/// Calls that most users make first, so that the classes they need are in the start-up cache.
final class Exercise {
  private final HttpClient http = HttpClient.newHttpClient();
  private final String endpoint;

  private Exercise(String endpoint) {
    this.endpoint = endpoint;
  }

  static void run(String endpoint) throws IOException, InterruptedException {
    Exercise e = new Exercise(endpoint);
    for (int i = 0; i < 20; i++) {
      e.query("sts", "Action=GetCallerIdentity&Version=2011-06-15");
      e.json(
          "ssm",
          "AmazonSSM.PutParameter",
          "{\"Name\":\"/a\",\"Value\":\"" + i + "\",\"Type\":\"String\",\"Overwrite\":true}");
      e.json("ssm", "AmazonSSM.GetParameter", "{\"Name\":\"/a\"}");
      e.json("codepipeline", "CodePipeline_20150709.ListPipelines", "{}");
      e.query("iam", "Action=ListRoles&Version=2010-05-08");
      e.send(e.signed("s3", "/").GET());
      e.send(e.signed("s3", "/bucket").PUT(HttpRequest.BodyPublishers.noBody()));
      e.send(e.signed("s3", "/bucket/key").PUT(HttpRequest.BodyPublishers.ofString("content")));
      e.send(e.signed("s3", "/bucket/key").GET());
    }
  }

  private HttpRequest.Builder signed(String service, String path) {
    String credential = "AWS4-HMAC-SHA256 Credential=000000000000/20260101/us-east-1/" + service;
    return HttpRequest.newBuilder(URI.create(endpoint + path))
        .header("Authorization", credential + "/aws4_request, SignedHeaders=host, Signature=x");
  }

  private void json(String service, String target, String body)
      throws IOException, InterruptedException {
    send(
        signed(service, "/")
            .header("X-Amz-Target", target)
            .header("Content-Type", "application/x-amz-json-1.1")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private void query(String service, String form) throws IOException, InterruptedException {
    send(
        signed(service, "/")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form)));
  }

  private void send(HttpRequest.Builder request) throws IOException, InterruptedException {
    http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }
}
