package dev.freeway.containers.build;

import dev.freeway.containers.LogLine;
import dev.freeway.containers.image.Archives;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The other end of a `docker` command in a build; see `docker.pl` for what goes over the wire.
///
/// @param directory where the command was called
/// @param remembered what [#remember] was told before the connection broke, else empty
/// @param environment of the command: `NAME=value`, parted by NUL
record Terminal(
    DataInputStream in,
    DataOutputStream out,
    String directory,
    String stdin,
    String remembered,
    String environment,
    List<String> words) {
  private static final int LARGEST_WORD = 4 << 20;
  private static final int LARGEST_FILE = 64 << 20;

  static Terminal accept(DataInputStream in, DataOutputStream out) throws IOException {
    int count = in.readInt();
    if (count < 4 || count > 4096) {
      throw new IOException("not the docker command: " + count + " words");
    }
    var words = new ArrayList<String>();
    for (int i = 0; i < count; i++) {
      int length = in.readInt();
      if (length < 0 || length > LARGEST_WORD) {
        throw new IOException("not the docker command: a word of " + length + " bytes");
      }
      words.add(new String(in.readNBytes(length), StandardCharsets.UTF_8));
    }
    return new Terminal(
        in,
        out,
        words.get(0),
        words.get(1),
        words.get(2),
        words.get(3),
        List.copyOf(words.subList(4, count)));
  }

  void line(String text) {
    frame('o', text + "\n");
  }

  void problem(String text) {
    frame('e', text + "\n");
  }

  void exit(int code) {
    frame('x', Integer.toString(code));
  }

  /// What a container wrote.
  void show(LogLine line) {
    frame(
        line.stream() == LogLine.Stream.STDOUT ? 'o' : 'e',
        line.partial() ? line.text() : line.text() + "\n");
  }

  void show(LogLine.Stream stream, byte[] bytes) {
    frame(stream == LogLine.Stream.STDOUT ? 'o' : 'e', bytes);
  }

  /// Given back as [#remembered] when the command is run again, because Freeway was restarted.
  void remember(String text) {
    frame('r', text);
  }

  /// A variable of the command's environment.
  Optional<String> variable(String name) {
    return Stream.of(environment.split("\0"))
        .filter(pair -> pair.startsWith(name + "="))
        .map(pair -> pair.substring(name.length() + 1))
        .findFirst();
  }

  /// A file of the build's own file system, relative to [#directory]; `-` is the command's input.
  Optional<byte[]> file(String path) throws IOException {
    frame('f', path);
    int length = in.readInt();
    if (length < -1 || length > LARGEST_FILE) {
      throw new IOException(path + " is larger than " + LARGEST_FILE + " bytes");
    }
    return length < 0 ? Optional.empty() : Optional.of(in.readNBytes(length));
  }

  /// Blocks until the command is gone.
  void awaitEnd() {
    try {
      while (in.read() >= 0) {
        // The command has nothing more to say.
      }
    } catch (IOException gone) {
      // The same.
    }
  }

  private void frame(char kind, String text) {
    frame(kind, text.getBytes(StandardCharsets.UTF_8));
  }

  private synchronized void frame(char kind, byte[] bytes) {
    try {
      var frame = new ByteArrayOutputStream(bytes.length + 5);
      var data = new DataOutputStream(frame);
      data.writeByte(kind);
      data.writeInt(bytes.length);
      data.write(bytes);
      out.write(frame.toByteArray());
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("the docker command went away", e);
    }
  }

  /// Asks for a directory of the build's own file system, and unpacks it here.
  void fetch(String directoryThere, Path into) throws IOException {
    frame('t', directoryThere);
    var archive = Files.createTempFile(into.getParent(), "context", ".tar");
    try {
      try (var file = Files.newOutputStream(archive)) {
        in.transferTo(file);
      }
      Archives.unpack(archive, into);
    } finally {
      Files.delete(archive);
    }
  }
}
