package dev.freeway.containers.docker;

import dev.freeway.containers.ContainerException;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The calls to an engine, with its errors as [ContainerException]s.
final class Engine {
  static final JsonMapper JSON = JsonMapper.shared();
  private final UnixHttp http;

  Engine(Path socket) {
    http = new UnixHttp(socket);
  }

  Path socket() {
    return http.socket();
  }

  static String word(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /// An answer whose status is below 400. The caller closes it.
  UnixHttp.Answer open(
      String method,
      String target,
      Map<String, String> headers,
      UnixHttp.@Nullable Payload payload) {
    UnixHttp.Answer answer;
    try {
      answer = http.send(method, target, headers, payload);
    } catch (ClosedByInterruptException e) {
      throw new Interrupted(e);
    } catch (IOException e) {
      throw unreachable(e);
    }
    if (answer.status() < 400) {
      return answer;
    }
    try (answer) {
      var text = new String(answer.body().readAllBytes(), StandardCharsets.UTF_8);
      throw failure(answer.status(), text);
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  ContainerException unreachable(IOException e) {
    return new ContainerException.Unavailable(
        "no container engine answers at "
            + http.socket()
            + " ("
            + e.getMessage()
            + "): start it (systemctl start docker), name its socket with"
            + " DOCKER_HOST=unix:///PATH, or choose --runtime sandbox");
  }

  private static ContainerException failure(int status, String body) {
    String message;
    try {
      message = JSON.readTree(body).path("message").asString(body);
    } catch (JacksonException plain) {
      message = body.strip();
    }
    return switch (status) {
      case 404 -> new ContainerException.NotFound(message);
      case 409 -> new ContainerException.Conflict(message);
      default -> new ContainerException.Failed("the engine says: " + message);
    };
  }

  JsonNode get(String target) {
    return call("GET", target, null);
  }

  Optional<JsonNode> find(String target) {
    try {
      return Optional.of(get(target));
    } catch (ContainerException.NotFound absent) {
      return Optional.empty();
    }
  }

  JsonNode post(String target, @Nullable ObjectNode body) {
    return call(
        "POST", target, body == null ? null : UnixHttp.Payload.json(JSON.writeValueAsBytes(body)));
  }

  void delete(String target) {
    call("DELETE", target, null);
  }

  /// The answer's JSON; a missing node when it has no body.
  private JsonNode call(String method, String target, UnixHttp.@Nullable Payload payload) {
    try (var answer = open(method, target, Map.of(), payload)) {
      // These have no body by definition.
      var bytes =
          answer.status() == 204 || answer.status() == 304
              ? new byte[0]
              : answer.body().readAllBytes();
      return bytes.length == 0 ? JSON.missingNode() : JSON.readTree(bytes);
    } catch (ClosedByInterruptException e) {
      throw new Interrupted(e);
    } catch (IOException e) {
      throw unreachable(e);
    } catch (JacksonException e) {
      throw new ContainerException.Failed("the engine's answer is not JSON: " + e, e);
    }
  }

  /// The thread was interrupted in a call.
  static final class Interrupted extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Interrupted(IOException cause) {
      super("interrupted while calling the container engine", cause);
    }
  }
}
