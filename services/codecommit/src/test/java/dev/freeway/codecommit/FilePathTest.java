package dev.freeway.codecommit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.freeway.wire.AwsException;
import org.junit.jupiter.api.Test;

class FilePathTest {
  @Test
  void slashesAroundItDoNotCount() {
    assertEquals("a/b.txt", FilePath.file("/a/b.txt"));
    assertEquals("", FilePath.folder("/"));
  }

  @Test
  void whatGitDoesNotTakeIsRefused() {
    for (String path :
        new String[] {
          "", "a/", "a//b", "../a", ".git/config", "x/.GIT/a", ".gIt", "git~1", "a\0"
        }) {
      assertEquals(
          "InvalidPathException",
          assertThrows(AwsException.class, () -> FilePath.file(path), path).code());
    }
  }
}
