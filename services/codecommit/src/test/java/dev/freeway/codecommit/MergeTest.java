package dev.freeway.codecommit;

import static dev.freeway.codecommit.api.CodecommitApi.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.freeway.codecommit.api.*;
import dev.freeway.testkit.TestNode;
import dev.freeway.wire.AwsException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MergeTest {
  private static final String LINES = "1\n2\n3\n4\n5\n";

  private final TestNode node = TestNode.of(Codecommit::new);
  private String first;

  @BeforeEach
  void repository() {
    node.call(CREATE_REPOSITORY, CreateRepositoryInput.builder().repositoryName("r").build());
    first = put("main", "f", LINES, null);
    var branch =
        CreateBranchInput.builder().repositoryName("r").branchName("topic").commitId(first);
    node.call(CREATE_BRANCH, branch.build());
  }

  @AfterEach
  void close() {
    node.close();
  }

  private String put(String branch, String path, String text, String parent) {
    return node.call(
            PUT_FILE,
            PutFileInput.builder()
                .repositoryName("r")
                .branchName(branch)
                .filePath(path)
                .fileContent(text.getBytes(StandardCharsets.UTF_8))
                .parentCommitId(parent)
                .build())
        .commitId();
  }

  private String read(String path) {
    var in = GetFileInput.builder().repositoryName("r").filePath(path).build();
    return new String(node.call(GET_FILE, in).fileContent(), StandardCharsets.UTF_8);
  }

  private String merge(String level, String strategy, ConflictResolution resolution) {
    return node.call(
            MERGE_BRANCHES_BY_THREE_WAY,
            MergeBranchesByThreeWayInput.builder()
                .repositoryName("r")
                .sourceCommitSpecifier("topic")
                .destinationCommitSpecifier("main")
                .conflictDetailLevel(level)
                .conflictResolutionStrategy(strategy)
                .conflictResolution(resolution)
                .build())
        .commitId();
  }

  private String code(Runnable call) {
    return assertThrows(AwsException.class, call::run).code();
  }

  @Test
  void changesOfOtherLinesConflictByFileButNotByLine() {
    put("topic", "f", "one\n2\n3\n4\n5\n", first);
    put("main", "f", "1\n2\n3\n4\nfive\n", first);
    assertEquals("ManualMergeRequiredException", code(() -> merge(null, null, null)));
    String commit = merge("LINE_LEVEL", null, null);
    assertEquals("one\n2\n3\n4\nfive\n", read("f"));
    var in = GetCommitInput.builder().repositoryName("r").commitId(commit).build();
    assertEquals(2, node.call(GET_COMMIT, in).commit().parents().size());
  }

  @Test
  void aStrategyOrContentResolvesAConflict() {
    put("topic", "f", "topic\n", first);
    put("main", "f", "main\n", first);
    merge(null, "ACCEPT_SOURCE", null);
    assertEquals("topic\n", read("f"));
  }

  @Test
  void newContentResolvesAConflict() {
    put("topic", "f", "topic\n", first);
    put("main", "f", "main\n", first);
    var both =
        ReplaceContentEntry.builder()
            .filePath("f")
            .replacementType("USE_NEW_CONTENT")
            .content("both\n".getBytes(StandardCharsets.UTF_8))
            .build();
    merge(null, "AUTOMERGE", new ConflictResolution(List.of(both), null, null));
    assertEquals("both\n", read("f"));
  }

  @Test
  void aFileThatBecameAFolderOnOneSideOnlyMergesCleanly() {
    String gone =
        node.call(
                DELETE_FILE,
                DeleteFileInput.builder()
                    .repositoryName("r")
                    .branchName("topic")
                    .filePath("f")
                    .parentCommitId(put("topic", "x", "x", first))
                    .build())
            .commitId();
    put("topic", "f/inside", "y", gone);
    put("main", "other", "z", first);
    merge(null, null, null);
    assertEquals("y", read("f/inside"));
    assertEquals("z", read("other"));
  }

  @Test
  void onlyADescendantIsAFastForward() {
    String ahead = put("topic", "g", "g", first);
    var in =
        MergeBranchesByFastForwardInput.builder()
            .repositoryName("r")
            .sourceCommitSpecifier("topic")
            .destinationCommitSpecifier("main")
            .build();
    assertEquals(ahead, node.call(MERGE_BRANCHES_BY_FAST_FORWARD, in).commitId());
    String more = put("main", "h", "h", ahead);
    put("topic", "i", "i", ahead);
    assertEquals(
        "ManualMergeRequiredException", code(() -> node.call(MERGE_BRANCHES_BY_FAST_FORWARD, in)));
    assertEquals("h", read("h"), more);
  }

  @Test
  void aCommitOnAnotherTipIsRefused() {
    put("main", "g", "g", first);
    assertEquals("ParentCommitIdOutdatedException", code(() -> put("main", "h", "h", first)));
  }
}
