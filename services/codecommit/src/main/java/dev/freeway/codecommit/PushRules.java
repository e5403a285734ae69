package dev.freeway.codecommit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.transport.PreReceiveHook;
import org.eclipse.jgit.transport.ReceiveCommand;
import org.eclipse.jgit.transport.ReceivePack;

/// Runs when a push's objects are there and before its references change: refuses what CodeCommit
/// refuses, and has the objects on disk before anything names them.
final class PushRules implements PreReceiveHook {
  private final Repository repository;
  private final Path folder;
  private final GitPermission permission;
  private final long begun = System.currentTimeMillis();

  PushRules(Repository repository, Path folder, GitPermission permission) {
    this.repository = repository;
    this.folder = folder;
    this.permission = permission;
  }

  @Override
  public void onPreReceive(ReceivePack pack, Collection<ReceiveCommand> commands) {
    String head = Constants.R_HEADS + repository.defaultBranch();
    for (ReceiveCommand c : commands) {
      if (c.getResult() != ReceiveCommand.Result.NOT_ATTEMPTED) {
        continue;
      }
      if (c.getType() == ReceiveCommand.Type.DELETE && c.getRefName().equals(head)) {
        c.setResult(
            ReceiveCommand.Result.REJECTED_OTHER_REASON, "the default branch cannot be deleted");
      } else if (!c.getRefName().startsWith(Constants.R_HEADS)
          && !c.getRefName().startsWith(Constants.R_TAGS)) {
        c.setResult(
            ReceiveCommand.Result.REJECTED_OTHER_REASON, "only branches and tags can be pushed");
      } else {
        permission
            .refusesPush(c.getRefName())
            .ifPresent(why -> c.setResult(ReceiveCommand.Result.REJECTED_OTHER_REASON, why));
      }
    }
    syncPacks();
  }

  private void syncPacks() {
    Path packs = folder.resolve("objects/pack");
    if (!Files.isDirectory(packs)) {
      return;
    }
    try (var files = Files.newDirectoryStream(packs)) {
      for (Path p : files) {
        if (Files.getLastModifiedTime(p).toMillis() >= begun - 2000) {
          sync(p);
        }
      }
      sync(packs);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void sync(Path p) throws IOException {
    try (FileChannel channel = FileChannel.open(p, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
