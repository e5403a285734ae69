package dev.freeway.sessions;

import dev.freeway.containers.ContainerRuntime;
import dev.freeway.platform.Ids;
import dev.freeway.platform.SocketRoute;
import dev.freeway.platform.WebSocket;
import dev.freeway.wire.http.WireRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Sessions that were asked for and those that are open. They end with this process.
public final class Sessions implements SocketRoute, AutoCloseable {
  private static final String PATH = "/v1/data-channel/";
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration WAITS = Duration.ofMinutes(5);
  private static final int TOKEN_BYTES = 96;

  private final ContainerRuntime runtime;
  private final InstantSource clock;
  private final String prefix;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, Offer> offers = new ConcurrentHashMap<>();
  private final Map<String, Session> open = new ConcurrentHashMap<>();

  /// @param prefix of the ids of its sessions, which tell them from those of other services
  public Sessions(ContainerRuntime runtime, InstantSource clock, String prefix) {
    this.runtime = runtime;
    this.clock = clock;
    this.prefix = prefix;
  }

  /// Where a transcript of a session goes.
  public interface Recorder {
    Transcript of(String session);
  }

  /// What a client needs for its session.
  ///
  /// @param path of the WebSocket, with its query
  /// @param token good once, and for five minutes
  public record Ticket(String session, String path, String token) {}

  private record Offer(Target target, Recorder recorder, byte[] token, Instant until) {}

  public Ticket offer(Target target, Recorder recorder) {
    Instant now = clock.instant();
    offers.values().removeIf(o -> now.isAfter(o.until()));
    String id = prefix + Ids.hex(17);
    byte[] bytes = new byte[TOKEN_BYTES];
    random.nextBytes(bytes);
    String token = Base64.getEncoder().encodeToString(bytes);
    offers.put(id, new Offer(target, recorder, ascii(token), now.plus(WAITS)));
    return new Ticket(id, PATH + id + "?role=publish_subscribe", token);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public boolean matches(WireRequest request) {
    return request.rawPath().startsWith(PATH + prefix);
  }

  /// The first message is a text, `{"MessageSchemaVersion": "1.0", "RequestId": …, "TokenValue":
  /// …}`.
  @Override
  public void serve(WireRequest request, WebSocket socket) throws InterruptedException {
    String id = request.rawPath().substring(PATH.length());
    Thread impatient =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    // By real time, whatever Freeway's clock does: it is a client that is waited
                    // for.
                    Thread.sleep(PATIENCE);
                    socket.close(1008, "no token came");
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
    WebSocket.Message first = socket.receive();
    impatient.interrupt();
    Offer offer = first instanceof WebSocket.Message.Text(String text) ? redeem(id, text) : null;
    if (offer == null) {
      socket.close(1008, "the token is not this session's, or was used before");
      return;
    }
    var transcript = offer.recorder().of(id);
    var session = new Session(id, offer.target(), runtime, transcript, clock, socket);
    open.put(id, session);
    try {
      session.run();
    } finally {
      open.remove(id);
    }
  }

  private @Nullable Offer redeem(String id, String text) {
    Offer offer = offers.get(id);
    boolean right =
        offer != null
            && !clock.instant().isAfter(offer.until())
            && MessageDigest.isEqual(offer.token(), ascii(token(text)));
    // Of two who come at once one gets it.
    return right && offers.remove(id, offer) ? offer : null;
  }

  private static String token(String text) {
    try {
      return JsonMapper.shared().readTree(text).path("TokenValue").asString("");
    } catch (JacksonException e) {
      return "";
    }
  }

  /// Ends the sessions in something that stops.
  public void endIn(String owner) {
    open.values().stream().filter(s -> s.target().owner().equals(owner)).forEach(s -> s.end(""));
  }

  @Override
  public void close() {
    open.values().forEach(s -> s.end("Freeway stops."));
  }
}
