package dev.freeway.codecommit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jgit.internal.storage.dfs.DfsRepositoryDescription;
import org.eclipse.jgit.internal.storage.dfs.InMemoryRepository;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.transport.PacketLineIn;
import org.eclipse.jgit.transport.PacketLineOut;
import org.junit.jupiter.api.Test;

class DeepeningTest {
  private final InMemoryRepository git =
      new InMemoryRepository(new DfsRepositoryDescription("test"));

  private ObjectId commit(ObjectInserter to, ObjectId... parents) throws Exception {
    CommitBuilder c = new CommitBuilder();
    c.setTreeId(to.insert(Constants.OBJ_TREE, new byte[0]));
    c.setParentIds(parents);
    c.setAuthor(new PersonIdent("n", "e", java.time.Instant.EPOCH, java.time.ZoneOffset.UTC));
    c.setCommitter(c.getAuthor());
    c.setMessage("with " + parents.length + " parents");
    return to.insert(c);
  }

  private static byte[] request(String... lines) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PacketLineOut packets = new PacketLineOut(out);
    packets.writeString("command=fetch\n");
    packets.writeDelim();
    for (String line : lines) {
      packets.writeString(line + "\n");
    }
    packets.end();
    return out.toByteArray();
  }

  private List<String> rewritten(byte[] request) throws Exception {
    var in = new PacketLineIn(Deepening.absolute(new ByteArrayInputStream(request), git));
    List<String> lines = new ArrayList<>();
    for (String l = in.readString(); !PacketLineIn.isEnd(l); l = in.readString()) {
      lines.add(PacketLineIn.isDelimiter(l) ? "--" : l);
    }
    return lines;
  }

  @Test
  void moreCommitsAreCountedFromTheDeepestEndOfTheClientsHistory() throws Exception {
    try (ObjectInserter to = git.newObjectInserter()) {
      ObjectId root = commit(to);
      ObjectId side = commit(to, root);
      ObjectId main = commit(to, commit(to, root));
      ObjectId tip = commit(to, main, side);
      to.flush();
      assertEquals(
          List.of(
              "command=fetch",
              "--",
              "want " + tip.name(),
              "shallow " + side.name(),
              "shallow " + main.name(),
              "deepen 5",
              "done"),
          rewritten(
              request(
                  "want " + tip.name(),
                  "shallow " + side.name(),
                  "shallow " + main.name(),
                  "deepen-relative",
                  "deepen 3",
                  "done")));
    }
  }

  @Test
  void otherRequestsStayAsTheyAre() throws Exception {
    byte[] request = request("want " + ObjectId.zeroId().name(), "deepen 3", "done");
    assertArrayEquals(
        request, Deepening.absolute(new ByteArrayInputStream(request), git).readAllBytes());
  }
}
