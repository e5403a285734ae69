package dev.freeway.ecr;

import static dev.freeway.ecr.api.EcrApi.*;

import dev.freeway.ecr.api.*;
import dev.freeway.testkit.TestNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;

/// A node with ECR, and a client of its distribution API.
abstract class EcrFixture {
  static final String REPOSITORY = "/v2/000000000000/us-east-1/team/web";

  final TestNode node = node();
  private final HttpClient http = HttpClient.newHttpClient();
  private String login = "";
  private boolean open = true;

  TestNode node() {
    return TestNode.of(Ecr::new);
  }

  @AfterEach
  void close() {
    http.close();
    if (open) {
      open = false;
      node.close();
    }
  }

  void create(String name) {
    node.call(CREATE_REPOSITORY, CreateRepositoryRequest.builder().repositoryName(name).build());
  }

  void login() {
    login =
        "Basic "
            + node.call(GET_AUTHORIZATION_TOKEN, GetAuthorizationTokenRequest.builder().build())
                .authorizationData()
                .getFirst()
                .authorizationToken();
  }

  void login(String user, String password) {
    String text = user + ":" + password;
    login = "Basic " + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  void logout() {
    login = "";
  }

  /// @param headers names and values
  HttpResponse<String> send(String method, String path, String body, String... headers) {
    return send(method, path, ManifestDocument.utf8(body), headers);
  }

  HttpResponse<String> send(String method, String path, byte[] body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(node.endpoint()).resolve(path))
            .method(method, HttpRequest.BodyPublishers.ofByteArray(body));
    if (!login.isEmpty() && !java.util.List.of(headers).contains("Authorization")) {
      request.header("Authorization", login);
    }
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    try {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  static String sha(String content) {
    return ManifestDocument.sha256(ManifestDocument.utf8(content));
  }

  /// Uploads in one piece; the digest.
  String blob(String content) {
    var r = send("POST", REPOSITORY + "/blobs/uploads/?digest=" + sha(content), content);
    if (r.statusCode() != 201) {
      throw new AssertionError(r.statusCode() + " " + r.body());
    }
    return sha(content);
  }

  String blob(byte[] content) {
    String digest = ManifestDocument.sha256(content);
    var r = send("POST", REPOSITORY + "/blobs/uploads/?digest=" + digest, content);
    if (r.statusCode() != 201) {
      throw new AssertionError(r.statusCode() + " " + r.body());
    }
    return digest;
  }

  static String manifest(String config, String layer) {
    return """
        {"schemaVersion":2,"mediaType":"%s",
         "config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"%s","size":2},
         "layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"%s","size":5}]}"""
        .formatted(ManifestDocument.OCI, config, layer);
  }

  /// Pushes an image with one layer of this content; its digest.
  String push(String tag, String content) {
    return push(tag, ManifestDocument.utf8(content));
  }

  String push(String tag, byte[] layer) {
    String manifest = manifest(blob("{}"), blob(layer));
    var r =
        send(
            "PUT",
            REPOSITORY + "/manifests/" + tag,
            manifest,
            "Content-Type",
            ManifestDocument.OCI);
    if (r.statusCode() != 201) {
      throw new AssertionError(r.statusCode() + " " + r.body());
    }
    return sha(manifest);
  }
}
