package dev.freeway.codecommit;

import dev.freeway.codecommit.api.UploadArchiveInput;
import dev.freeway.codecommit.api.UploadArchiveOutput;
import dev.freeway.codecommit.uses.s3.PutObjectRequest;
import dev.freeway.codecommit.uses.s3.S3Api;
import dev.freeway.platform.Call;
import dev.freeway.platform.Clients;
import dev.freeway.platform.Handler;
import dev.freeway.store.Store;
import dev.freeway.wire.Body;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.treewalk.TreeWalk;

/// Puts a commit's tree as a zip into a bucket: CodePipeline's and CodeBuild's source.
final class UploadArchive implements Handler<UploadArchiveInput, UploadArchiveOutput> {
  private final Store store;
  private final Repositories repositories;
  private final GitFolders folders;
  private final Clients clients;
  private final Path temporary;

  /// @param temporary a folder of its own, emptied here: what a crash left
  UploadArchive(
      Store store, Repositories repositories, GitFolders folders, Clients clients, Path temporary) {
    this.store = store;
    this.repositories = repositories;
    this.folders = folders;
    this.clients = clients;
    this.temporary = temporary;
    try {
      Files.createDirectories(temporary);
      try (var left = Files.newDirectoryStream(temporary)) {
        for (Path p : left) {
          Files.delete(p);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public UploadArchiveOutput handle(Call call, UploadArchiveInput in) {
    try (Git git = Git.open(store, repositories, folders, call, in.repositoryName())) {
      RevCommit commit = git.requireCommit(in.commitId());
      // S3 wants the length first, so the archive is a file for a moment.
      Path file = Files.createTempFile(temporary, "archive", ".zip");
      try {
        write(git, commit, file);
        var put =
            PutObjectRequest.builder()
                .bucket(in.s3Bucket())
                .key(in.s3Key())
                .contentType("application/zip")
                .contentLength(Files.size(file))
                .body(Body.of(Files.newInputStream(file), Files.size(file)))
                .build();
        var stored = clients.call(call, S3Api.PUT_OBJECT, put);
        return new UploadArchiveOutput(stored.versionId(), stored.eTag());
      } finally {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Git git, RevCommit commit, Path file) throws IOException {
    int time = dosTime(commit.getCommitTime());
    try (var out = new BufferedOutputStream(Files.newOutputStream(file), 64 * 1024);
        ZipWriter zip = new ZipWriter(out);
        ObjectReader reader = git.git().newObjectReader();
        TreeWalk walk = new TreeWalk(reader)) {
      walk.addTree(commit.getTree());
      walk.setRecursive(true);
      while (walk.next()) {
        FileMode mode = walk.getFileMode();
        String path = new String(walk.getRawPath(), StandardCharsets.UTF_8);
        if (mode.equals(FileMode.TYPE_GITLINK)) {
          // A submodule is another repository: its folder is empty, as in git's own archives.
          zip.add(path + "/", 0040755, time, o -> {});
        } else {
          var blob = reader.open(walk.getObjectId(0));
          zip.add(path, mode(mode), time, blob::copyTo);
        }
      }
    }
  }

  private static int mode(FileMode mode) {
    return mode.equals(FileMode.TYPE_SYMLINK)
        ? 0120777
        : mode.equals(FileMode.EXECUTABLE_FILE.getBits()) ? 0100755 : 0100644;
  }

  // Date in the upper half, two-second steps in the lower; nothing before 1980.
  private static int dosTime(int epochSecond) {
    LocalDateTime t = LocalDateTime.ofEpochSecond(epochSecond, 0, ZoneOffset.UTC);
    if (t.getYear() < 1980) {
      return 1 << 21 | 1 << 16;
    }
    return (t.getYear() - 1980) << 25
        | t.getMonthValue() << 21
        | t.getDayOfMonth() << 16
        | t.getHour() << 11
        | t.getMinute() << 5
        | t.getSecond() >> 1;
  }
}
