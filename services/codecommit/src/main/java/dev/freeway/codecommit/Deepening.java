package dev.freeway.codecommit;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.transport.PacketLineIn;
import org.eclipse.jgit.transport.PacketLineOut;

/// `git fetch --deepen N`: N commits more than the client has. JGit knows depths from the tips
/// alone ("deepen N"), so the request is rewritten: N more than the commit that is deepest of those
/// where the client's history ends.
final class Deepening {
  private static final byte[] RELATIVE = "deepen-relative".getBytes(StandardCharsets.US_ASCII);

  private final Set<ObjectId> wants = new HashSet<>();
  private final Set<ObjectId> ends = new HashSet<>();
  private int more;

  private Deepening() {}

  /// The same request, or the one that JGit understands.
  ///
  /// @param request of the protocol's version 2
  static InputStream absolute(InputStream request, Repository git) throws IOException {
    byte[] all = request.readAllBytes();
    boolean relative =
        new String(all, StandardCharsets.ISO_8859_1)
            .contains(new String(RELATIVE, StandardCharsets.ISO_8859_1));
    return new ByteArrayInputStream(relative ? new Deepening().rewritten(all, git) : all);
  }

  private byte[] rewritten(byte[] request, Repository git) throws IOException {
    List<String> lines = new ArrayList<>();
    PacketLineIn in = new PacketLineIn(new ByteArrayInputStream(request));
    String line;
    do {
      line = in.readString();
      lines.add(line);
      note(line);
    } while (!PacketLineIn.isEnd(line));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PacketLineOut packets = new PacketLineOut(out);
    for (String l : lines) {
      if (PacketLineIn.isEnd(l)) {
        packets.end();
      } else if (PacketLineIn.isDelimiter(l)) {
        packets.writeDelim();
      } else if (l.startsWith("deepen ")) {
        packets.writeString("deepen " + (depth(git) + more) + "\n");
      } else if (!l.equals("deepen-relative")) {
        packets.writeString(l + "\n");
      }
    }
    return out.toByteArray();
  }

  private void note(String line) {
    String rest = line.substring(line.indexOf(' ') + 1);
    if (line.startsWith("want ") && ObjectId.isId(rest)) {
      wants.add(ObjectId.fromString(rest));
    } else if (line.startsWith("shallow ") && ObjectId.isId(rest)) {
      ends.add(ObjectId.fromString(rest));
    } else if (line.matches("deepen \\d{1,9}")) {
      more = Integer.parseInt(rest);
    }
  }

  // How many commits it is from a tip to the deepest of the ends; a tip is 1. Ends that are no
  // longer
  // reached do not count.
  private int depth(Repository git) throws IOException {
    try (RevWalk walk = new RevWalk(git)) {
      Set<ObjectId> seen = new HashSet<>();
      List<RevCommit> level = new ArrayList<>();
      for (ObjectId want : wants) {
        if (walk.peel(walk.parseAny(want)) instanceof RevCommit tip && seen.add(tip)) {
          level.add(tip);
        }
      }
      int deepest = 0;
      for (int depth = 1; !level.isEmpty() && !ends.isEmpty(); depth++) {
        List<RevCommit> next = new ArrayList<>();
        for (RevCommit c : level) {
          if (ends.remove(c.copy())) {
            deepest = depth;
          }
          for (RevCommit parent : walk.parseCommit(c).getParents()) {
            if (seen.add(parent)) {
              next.add(parent);
            }
          }
        }
        level = next;
      }
      return deepest;
    }
  }
}
