package dev.freeway.ingress;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One HTTP/2 connection (RFC 9113): reads frames and hands them to their streams, which other
/// threads read from and write to.
final class Http2Session {
  static final int MAX_STREAMS = 128;

  /// An Application Load Balancer takes 64 K; a little more is read to be able to say no.
  private static final int MAX_HEADERS = 80 * 1024;

  private static final int MAX_FRAME = 16 * 1024;
  private static final int MAX_CONTINUATIONS = 32;

  /// More than all streams together may have unread, so that none waits for another.
  private static final int WINDOW = 16 * 1024 * 1024;

  private static final byte[] LEAVE = Octets.of("leaving.");

  /// What the two ends of a connection do differently.
  interface Role {
    /// A header block, for a stream that is known or not.
    void headers(int stream, HpackDecoder.Block block, boolean end)
        throws Http2Failure, WireFailure;

    /// Whether the other side may have opened, or been asked to open, a stream of that number.
    boolean mayKnow(int stream);

    /// The highest number of a stream that came from the other side.
    int last();

    /// The other side takes no new streams, and those above `last` were not looked at.
    void leaving(int last);
  }

  final Wire wire;
  final Http2Writer out;
  final String scheme;
  final Http2Windows windows = new Http2Windows();
  private final Map<Integer, Http2Stream> streams = new ConcurrentHashMap<>();
  private final HpackDecoder decoder = new HpackDecoder(MAX_HEADERS);
  private final Http2Temper temper = new Http2Temper();
  private final IdleWatch watch;
  private final Role role;
  private final Http2Settings theirs = new Http2Settings();

  private volatile int nextOwn = 1;
  private int allowed = Http2Windows.DEFAULT;
  private @Nullable ByteArrayOutputStream block;
  private int blockStream;
  private boolean blockEnds;
  private int continuations;

  private volatile long used;
  private volatile boolean leaving;
  private volatile boolean left;
  private volatile boolean ended;

  /// @param scheme of the requests that go over it
  Http2Session(Wire wire, IdleWatch watch, Function<Http2Session, Role> role, String scheme) {
    this.scheme = scheme;
    this.wire = wire;
    this.watch = watch;
    this.out = new Http2Writer(wire);
    this.role = role.apply(this);
    this.used = watch.now();
  }

  Http2Settings theirs() {
    return theirs;
  }

  @Nullable Http2Stream stream(int id) {
    return streams.get(id);
  }

  /// Opens one; when the connection has ended meanwhile, it is lost at once.
  Http2Stream open(int id) {
    Http2Stream stream = new Http2Stream(id, this);
    streams.put(id, stream);
    if (ended) {
      stream.lost();
    }
    return stream;
  }

  /// One that gets its number when its headers are sent: numbers must go out in order.
  Http2Stream prepare() {
    return new Http2Stream(0, this);
  }

  void begin(Http2Stream stream, List<Field> fields, boolean end) throws WireFailure {
    synchronized (out) {
      stream.id = nextOwn;
      nextOwn += 2;
      streams.put(stream.id, stream);
      if (ended) {
        stream.lost();
        return;
      }
      out.headers(stream.id, fields, end);
    }
  }

  boolean begun(int stream) {
    return stream < nextOwn;
  }

  /// The other side will not look at these.
  void loseAbove(int last) {
    streams.values().stream().filter(s -> s.id > last).forEach(Http2Stream::lost);
  }

  int count() {
    return streams.size();
  }

  /// Since when there has been no stream; `now` while there is one.
  long idleSince(long now) {
    return streams.isEmpty() ? used : now;
  }

  void forget(Http2Stream stream) {
    used = watch.now();
    streams.remove(stream.id, stream);
    if (left && streams.isEmpty()) {
      wire.shutdownInput();
    }
  }

  /// Says what this side allows.
  void settle(int... settings) throws WireFailure {
    out.settings(settings);
    out.grow(0, WINDOW - allowed);
    allowed = WINDOW;
  }

  /// Returns when the connection can no longer be used.
  void run() throws WireFailure {
    try {
      boolean first = true;
      while (await(Http2Frame.HEAD)) {
        int length = Http2Frame.lengthAt(wire.in, wire.pos);
        if (length > MAX_FRAME) {
          throw Http2Failure.of(Http2Error.FRAME_SIZE_ERROR, "frame of " + length);
        }
        if (!await(Http2Frame.HEAD + length)) {
          break;
        }
        Http2Frame frame = Http2Frame.at(wire.in, wire.pos);
        wire.pos = frame.to();
        if (first && frame.type() != Http2Writer.SETTINGS) {
          throw Http2Failure.protocol("no settings first");
        }
        first = false;
        take(frame);
      }
      out.goAway(role.last(), Http2Error.NO_ERROR, "");
    } catch (Http2Failure failure) {
      lose();
      out.goAway(role.last(), failure.error, String.valueOf(failure.getMessage()));
      wire.closeAfterDraining();
    } finally {
      lose();
    }
  }

  private void lose() {
    ended = true;
    windows.close();
    streams.values().forEach(Http2Stream::lost);
  }

  private boolean await(int bytes) throws WireFailure {
    while (wire.lim - wire.pos < bytes) {
      if (wire.await() < 0) {
        return false;
      }
    }
    return true;
  }

  private void take(Http2Frame frame) throws Http2Failure, WireFailure {
    boolean continues = frame.type() == Http2Writer.CONTINUATION;
    boolean fits = block == null ? !continues : continues && frame.stream() == blockStream;
    frame.need(fits, Http2Error.PROTOCOL_ERROR, "header block torn");
    try {
      dispatch(frame);
    } catch (Http2Failure failure) {
      if (failure.stream == 0) {
        throw failure;
      }
      temper.strain(Http2Temper.RESET, watch.now());
      Http2Stream stream = streams.get(failure.stream);
      if (stream == null) {
        out.reset(failure.stream, failure.error);
      } else {
        stream.reset(failure.error);
      }
    }
  }

  private void dispatch(Http2Frame frame) throws Http2Failure, WireFailure {
    boolean ofStream = frame.stream() != 0;
    switch (frame.type()) {
      case Http2Writer.DATA -> {
        frame.need(ofStream, Http2Error.PROTOCOL_ERROR, "data of no stream");
        data(frame);
      }
      case Http2Writer.HEADERS -> {
        frame.need(ofStream, Http2Error.PROTOCOL_ERROR, "headers of no stream");
        begin(frame);
      }
      case Http2Writer.CONTINUATION -> more(frame);
      case Http2Writer.PRIORITY -> {
        temper.strain(Http2Temper.TRIFLE, watch.now());
        frame.need(ofStream, Http2Error.PROTOCOL_ERROR, "priority of no stream");
        frame.need(frame.length() == 5, Http2Error.FRAME_SIZE_ERROR, "priority");
      }
      case Http2Writer.RST_STREAM -> reset(frame);
      case Http2Writer.SETTINGS -> settings(frame);
      case Http2Writer.PUSH_PROMISE -> throw Http2Failure.protocol("nothing may be pushed");
      case Http2Writer.PING -> ping(frame);
      case Http2Writer.GOAWAY -> {
        frame.need(!ofStream, Http2Error.PROTOCOL_ERROR, "goaway of a stream");
        frame.need(frame.length() >= 8, Http2Error.FRAME_SIZE_ERROR, "goaway");
        role.leaving(Http2Frame.int32(frame.b(), frame.from()) & 0x7fffffff);
      }
      case Http2Writer.WINDOW_UPDATE -> grow(frame);
      default -> temper.strain(Http2Temper.TRIFLE, watch.now());
    }
  }

  private void data(Http2Frame frame) throws Http2Failure, WireFailure {
    Http2Frame bare = frame.bare();
    allowed -= frame.length();
    frame.need(allowed >= 0, Http2Error.FLOW_CONTROL_ERROR, "window exceeded");
    if (allowed < WINDOW / 2) {
      out.grow(0, WINDOW - allowed);
      allowed = WINDOW;
    }
    boolean ends = frame.has(Http2Writer.END_STREAM);
    if (bare.from() == bare.to() && !ends) {
      temper.strain(Http2Temper.TRIFLE, watch.now());
    }
    Http2Stream stream = streams.get(frame.stream());
    if (stream == null) {
      frame.need(role.mayKnow(frame.stream()), Http2Error.PROTOCOL_ERROR, "data of an idle stream");
      temper.strain(Http2Temper.TRIFLE, watch.now());
      return;
    }
    stream.arrived(bare.b(), bare.from(), bare.to() - bare.from(), frame.length());
    if (ends) {
      stream.ended(new byte[0]);
    }
  }

  private void begin(Http2Frame frame) throws Http2Failure, WireFailure {
    Http2Frame bare = frame.bare();
    if (frame.has(Http2Writer.END_HEADERS)) {
      boolean ends = frame.has(Http2Writer.END_STREAM);
      role.headers(frame.stream(), decoder.decode(bare.b(), bare.from(), bare.to()), ends);
      return;
    }
    block = new ByteArrayOutputStream();
    blockStream = frame.stream();
    blockEnds = frame.has(Http2Writer.END_STREAM);
    continuations = 0;
    append(bare);
  }

  private void more(Http2Frame frame) throws Http2Failure, WireFailure {
    if (++continuations > MAX_CONTINUATIONS) {
      throw Http2Failure.of(Http2Error.ENHANCE_YOUR_CALM, "too many continuations");
    }
    append(frame);
  }

  private void append(Http2Frame frame) throws Http2Failure, WireFailure {
    ByteArrayOutputStream held = Objects.requireNonNull(block);
    held.write(frame.b(), frame.from(), frame.to() - frame.from());
    if (held.size() > MAX_HEADERS) {
      throw Http2Failure.of(Http2Error.ENHANCE_YOUR_CALM, "headers too large");
    }
    if (frame.has(Http2Writer.END_HEADERS)) {
      block = null;
      byte[] bytes = held.toByteArray();
      role.headers(blockStream, decoder.decode(bytes, 0, bytes.length), blockEnds);
    }
  }

  private void reset(Http2Frame frame) throws Http2Failure {
    frame.need(frame.length() == 4, Http2Error.FRAME_SIZE_ERROR, "reset");
    frame.need(role.mayKnow(frame.stream()), Http2Error.PROTOCOL_ERROR, "reset of an idle stream");
    Http2Stream stream = streams.get(frame.stream());
    temper.strain(stream == null ? Http2Temper.TRIFLE : Http2Temper.RESET, watch.now());
    if (stream != null) {
      stream.lost();
    }
  }

  private void settings(Http2Frame frame) throws Http2Failure, WireFailure {
    frame.need(frame.stream() == 0, Http2Error.PROTOCOL_ERROR, "settings of a stream");
    if (frame.has(Http2Writer.ACK)) {
      frame.need(frame.length() == 0, Http2Error.FRAME_SIZE_ERROR, "settings");
      return;
    }
    temper.strain(Http2Temper.TRIFLE, watch.now());
    theirs.read(frame);
    frame.need(
        windows.initial(theirs.window()), Http2Error.FLOW_CONTROL_ERROR, "windows too large");
    out.settle(theirs.maxFrame(), theirs.table());
  }

  private void ping(Http2Frame frame) throws Http2Failure, WireFailure {
    frame.need(frame.stream() == 0, Http2Error.PROTOCOL_ERROR, "ping of a stream");
    frame.need(frame.length() == 8, Http2Error.FRAME_SIZE_ERROR, "ping");
    if (!frame.has(Http2Writer.ACK)) {
      temper.strain(Http2Temper.TRIFLE, watch.now());
      out.ping(Http2Writer.ACK, frame.b(), frame.from());
    } else if (leaving && Arrays.equals(LEAVE, 0, 8, frame.b(), frame.from(), frame.to())) {
      // What the other side sent before it knew has arrived by now.
      out.goAway(role.last(), Http2Error.NO_ERROR, "");
      left = true;
      if (streams.isEmpty()) {
        wire.shutdownInput();
      }
    }
  }

  private void grow(Http2Frame frame) throws Http2Failure {
    frame.need(frame.length() == 4, Http2Error.FRAME_SIZE_ERROR, "window update");
    int by = Http2Frame.int32(frame.b(), frame.from()) & 0x7fffffff;
    Http2Stream stream = frame.stream() == 0 ? null : streams.get(frame.stream());
    if (frame.stream() == 0) {
      frame.need(by > 0, Http2Error.PROTOCOL_ERROR, "window update of 0");
      frame.need(windows.grow(by), Http2Error.FLOW_CONTROL_ERROR, "window too large");
    } else if (stream == null) {
      frame.need(role.mayKnow(frame.stream()), Http2Error.PROTOCOL_ERROR, "idle stream");
    } else if (by == 0) {
      throw Http2Failure.ofStream(stream.id, Http2Error.PROTOCOL_ERROR, "window update of 0");
    } else if (!windows.grow(stream.window, by)) {
      throw Http2Failure.ofStream(stream.id, Http2Error.FLOW_CONTROL_ERROR, "window too large");
    }
    temper.strain(by < 16 ? Http2Temper.TRIFLE : 0, watch.now());
  }

  void reset(int stream, Http2Error error) {
    if (!ended) {
      try {
        out.reset(stream, error);
      } catch (WireFailure gone) {
        // Its reader finds out, too.
      }
    }
  }

  boolean left() {
    return left;
  }

  /// Takes no new streams once the other side knows, and ends after the last one. May wait.
  void leave() {
    if (!leaving) {
      leaving = true;
      try {
        out.goAway(Integer.MAX_VALUE, Http2Error.NO_ERROR, "");
        out.ping(0, LEAVE, 0);
      } catch (WireFailure gone) {
        // Then it has ended already.
      }
    }
  }

  /// Ends at once, when there is no stream.
  void leaveIdle() {
    left = true;
    if (streams.isEmpty()) {
      wire.shutdownInput();
    }
  }
}
