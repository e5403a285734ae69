package dev.freeway.containers.image;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// A registry that speaks the OCI distribution API, with no, basic or bearer authentication.
public final class HttpRegistry implements Registry {
  private static final Pattern PARAMETER = Pattern.compile("(\\w+)=\"([^\"]*)\"");

  private final HttpClient client =
      HttpClient.newBuilder()
          .followRedirects(HttpClient.Redirect.NORMAL)
          .connectTimeout(Duration.ofSeconds(10))
          .build();
  private final URI base;
  private final @Nullable Credentials credentials;
  private volatile @Nullable String authorization;

  /// @param base scheme, host and port
  public HttpRegistry(URI base, @Nullable Credentials credentials) {
    this.base = base;
    this.credentials = credentials;
  }

  @Override
  public void check() throws IOException {
    var response =
        send("/v2/", request -> request.GET(), HttpResponse.BodyHandlers.ofInputStream());
    expect(response, 200);
    response.body().close();
  }

  @Override
  public Optional<Manifest> resolve(Reference reference) throws IOException {
    var response =
        send(
            "/v2/" + reference.repository() + "/manifests/" + reference.version(),
            request -> {
              Manifest.ACCEPTED.forEach(type -> request.header("Accept", type));
              return request.GET();
            },
            HttpResponse.BodyHandlers.ofInputStream());
    if (response.statusCode() == 404) {
      response.body().close();
      return Optional.empty();
    }
    expect(response, 200);
    try (var in = response.body()) {
      var bytes = in.readNBytes(8 << 20);
      var manifest =
          new Manifest(response.headers().firstValue("Content-Type").orElse(Manifest.OCI), bytes);
      if (reference.digest() != null && !manifest.digest().equals(reference.digest())) {
        throw new IOException(base + " answered with another manifest than " + reference.digest());
      }
      return Optional.of(manifest);
    }
  }

  @Override
  public InputStream blob(Reference reference, String digest) throws IOException {
    var response =
        send(
            "/v2/" + reference.repository() + "/blobs/" + digest,
            request -> request.GET(),
            HttpResponse.BodyHandlers.ofInputStream());
    expect(response, 200);
    return response.body();
  }

  @Override
  public boolean hasBlob(Reference reference, String digest) throws IOException {
    var response =
        send(
            "/v2/" + reference.repository() + "/blobs/" + digest,
            request -> request.HEAD(),
            HttpResponse.BodyHandlers.ofInputStream());
    if (response.statusCode() != 404) {
      expect(response, 200);
    }
    response.body().close();
    return response.statusCode() == 200;
  }

  @Override
  public void putBlob(Reference reference, Descriptor blob, InputStream content)
      throws IOException {
    var begun =
        send(
            "/v2/" + reference.repository() + "/blobs/uploads/",
            request -> request.POST(HttpRequest.BodyPublishers.noBody()),
            HttpResponse.BodyHandlers.ofInputStream());
    expect(begun, 202);
    begun.body().close();
    var location =
        begun
            .headers()
            .firstValue("Location")
            .orElseThrow(() -> new IOException(base + " gave no place to upload to"));
    var separator = location.contains("?") ? "&" : "?";
    var body = HttpRequest.BodyPublishers.ofInputStream(() -> content);
    var response =
        send(
            location
                + separator
                + "digest="
                + URLEncoder.encode(blob.digest(), StandardCharsets.UTF_8),
            request ->
                request
                    .header("Content-Type", "application/octet-stream")
                    .PUT(HttpRequest.BodyPublishers.fromPublisher(body, Math.max(1, blob.size()))),
            HttpResponse.BodyHandlers.ofInputStream());
    expect(response, 201);
    response.body().close();
  }

  @Override
  public void putManifest(Reference reference, Manifest manifest) throws IOException {
    var response =
        send(
            "/v2/" + reference.repository() + "/manifests/" + reference.version(),
            request ->
                request
                    .header("Content-Type", manifest.mediaType())
                    .PUT(HttpRequest.BodyPublishers.ofByteArray(manifest.bytes())),
            HttpResponse.BodyHandlers.ofInputStream());
    expect(response, 201);
    response.body().close();
  }

  private interface Method {
    HttpRequest.Builder on(HttpRequest.Builder request);
  }

  private <T> HttpResponse<T> send(String path, Method method, HttpResponse.BodyHandler<T> handler)
      throws IOException {
    var uri = base.resolve(path);
    try {
      var response = client.send(request(uri, method), handler);
      if (response.statusCode() != 401) {
        return response;
      }
      var challenge = response.headers().firstValue("WWW-Authenticate").orElse("");
      var answer = answer(challenge);
      if (answer == null || answer.equals(authorization)) {
        return response;
      }
      if (response.body() instanceof InputStream in) {
        in.close();
      }
      authorization = answer;
      return client.send(request(uri, method), handler);
    } catch (java.net.ConnectException e) {
      throw new IOException("cannot connect to the registry " + base.getAuthority(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while talking to " + base, e);
    }
  }

  private HttpRequest request(URI uri, Method method) {
    var request = HttpRequest.newBuilder(uri).version(HttpClient.Version.HTTP_1_1);
    var known = authorization;
    if (known != null) {
      request.header("Authorization", known);
    } else if (credentials != null) {
      // Most registries take it at once; an upload's body can be sent only once.
      request.header("Authorization", basic(credentials));
    }
    return method.on(request).build();
  }

  private static String basic(Credentials credentials) {
    var text = credentials.user() + ":" + credentials.password();
    return "Basic " + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private @Nullable String answer(String challenge) throws IOException, InterruptedException {
    if (!challenge.regionMatches(true, 0, "Bearer ", 0, 7)) {
      return credentials == null ? null : basic(credentials);
    }
    var realm = "";
    var query = new StringBuilder();
    for (var match = PARAMETER.matcher(challenge); match.find(); ) {
      if (match.group(1).equals("realm")) {
        realm = match.group(2);
      } else if (!match.group(1).equals("error")) {
        query.append(query.isEmpty() ? "?" : "&").append(match.group(1)).append('=');
        query.append(URLEncoder.encode(match.group(2), StandardCharsets.UTF_8));
      }
    }
    var request = HttpRequest.newBuilder(URI.create(realm + query));
    if (credentials != null) {
      request.header("Authorization", basic(credentials));
    }
    var response = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    if (response.statusCode() != 200) {
      return null;
    }
    var json = JsonMapper.shared().readTree(response.body());
    return "Bearer " + json.path("token").asString(json.path("access_token").asString(""));
  }

  private void expect(HttpResponse<InputStream> response, int status) throws IOException {
    if (response.statusCode() == status) {
      return;
    }
    String said;
    try (var in = response.body()) {
      said = new String(in.readNBytes(2000), StandardCharsets.UTF_8).strip();
    }
    var what =
        switch (response.statusCode()) {
          case 401 -> "no basic auth credentials, or wrong ones: use docker login";
          case 403 -> "denied";
          default -> "status " + response.statusCode();
        };
    throw new IOException(base.getAuthority() + ": " + what + (said.isEmpty() ? "" : ": " + said));
  }
}
