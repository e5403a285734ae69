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

/// Commits made by API.
class CommitTest {
  private final TestNode node = TestNode.of(Codecommit::new);
  private String tip;

  @BeforeEach
  void repository() {
    node.call(CREATE_REPOSITORY, CreateRepositoryInput.builder().repositoryName("r").build());
    tip = commit(b -> b.putFiles(List.of(put("a", "1"), put("b", "2"))), null).commitId();
  }

  @AfterEach
  void close() {
    node.close();
  }

  private interface With {
    CreateCommitInput.Builder in(CreateCommitInput.Builder commit);
  }

  private CreateCommitOutput commit(With changes, String parent) {
    var in = CreateCommitInput.builder().repositoryName("r").branchName("main");
    return node.call(CREATE_COMMIT, changes.in(in.parentCommitId(parent)).build());
  }

  private static PutFileEntry put(String path, String text) {
    return PutFileEntry.builder()
        .filePath(path)
        .fileContent(text.getBytes(StandardCharsets.UTF_8))
        .build();
  }

  private static PutFileEntry move(String from, String to) {
    return PutFileEntry.builder()
        .filePath(to)
        .sourceFile(SourceFileSpecifier.builder().filePath(from).isMove(true).build())
        .build();
  }

  private void samePath(With changes) {
    var e = assertThrows(AwsException.class, () -> commit(changes, tip));
    assertEquals("SamePathRequestException", e.code());
  }

  @Test
  void twoChangesOfOnePathAreRefused() {
    var delete = new DeleteFileEntry("a");
    samePath(b -> b.putFiles(List.of(put("x", "1"), put("/x", "2"))));
    samePath(b -> b.putFiles(List.of(put("a", "3"))).deleteFiles(List.of(delete)));
    samePath(b -> b.deleteFiles(List.of(delete, delete)));
    samePath(b -> b.putFiles(List.of(move("a", "c"))).deleteFiles(List.of(delete)));
    samePath(b -> b.putFiles(List.of(move("a", "c"), put("a", "new"))));
    samePath(
        b ->
            b.setFileModes(
                List.of(
                    new SetFileModeEntry("a", "EXECUTABLE"), new SetFileModeEntry("a", "NORMAL"))));
  }

  @Test
  void changesOfDifferentPathsAreOneCommit() {
    var made =
        commit(
            b ->
                b.putFiles(List.of(move("a", "c"), put("d", "4")))
                    .deleteFiles(List.of(new DeleteFileEntry("b"))),
            tip);
    assertEquals(List.of("c", "d"), paths(made.filesAdded()));
    assertEquals(List.of("a", "b"), paths(made.filesDeleted()));
  }

  private static List<String> paths(List<FileMetadata> files) {
    return files.stream().map(FileMetadata::absolutePath).sorted().toList();
  }
}
