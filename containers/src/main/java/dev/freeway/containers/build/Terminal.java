package dev.freeway.containers.build;

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

/// The other end of a `docker` command in a build; see `docker.pl` for what goes over the wire.
///
/// @param directory where the command was called
record Terminal(
    DataInputStream in, DataOutputStream out, String directory, String stdin, List<String> words) {
  private static final int LARGEST_WORD = 1 << 20;

  static Terminal accept(DataInputStream in, DataOutputStream out) throws IOException {
    int count = in.readInt();
    if (count < 2 || count > 4096) {
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
    return new Terminal(in, out, words.get(0), words.get(1), List.copyOf(words.subList(2, count)));
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

  private synchronized void frame(char kind, String text) {
    try {
      var bytes = text.getBytes(StandardCharsets.UTF_8);
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
