package dev.freeway.codecommit;

import dev.freeway.wire.Body;
import dev.freeway.wire.http.WireRequest;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.transport.PacketLineOut;
import org.eclipse.jgit.transport.ReceivePack;
import org.eclipse.jgit.transport.RefAdvertiser.PacketLineOutRefAdvertiser;
import org.eclipse.jgit.transport.TransferConfig;
import org.eclipse.jgit.transport.UploadPack;

/// One request of git's protocol: its answer is written while it is worked out.
final class Exchange {
  /// Clones may leave objects out (`--filter`) and ask for them by name later, as git's own server
  /// allows in its protocol's version 2.
  private static final TransferConfig PARTIAL = partial();

  private final GitFolders folders;
  private final RefEvents events;
  private final Repository repository;
  private final String caller;
  private final GitPermission permission;
  private final WireRequest request;

  Exchange(
      GitFolders folders,
      RefEvents events,
      Repository repository,
      String caller,
      GitPermission permission,
      WireRequest request) {
    this.folders = folders;
    this.events = events;
    this.repository = repository;
    this.caller = caller;
    this.permission = permission;
    this.request = request;
  }

  private static TransferConfig partial() {
    Config config = new Config();
    config.setBoolean("uploadpack", null, "allowfilter", true);
    config.setBoolean("uploadpack", null, "allowanysha1inwant", true);
    return new TransferConfig(config);
  }

  Body uploadRefs() {
    return made(
        out -> {
          try (var git = folders.open(repository)) {
            uploadPack(git)
                .sendAdvertisedRefs(
                    new PacketLineOutRefAdvertiser(new PacketLineOut(out)), "git-upload-pack");
          }
        });
  }

  Body upload() {
    return made(
        out -> {
          try (var git = folders.open(repository);
              InputStream in = input()) {
            boolean second = request.headers().getOr("Git-Protocol", "").contains("version=2");
            uploadPack(git).upload(second ? Deepening.absolute(in, git) : in, out, null);
          }
        });
  }

  Body receiveRefs() {
    return made(
        out -> {
          try (var git = folders.open(repository)) {
            PacketLineOut lines = new PacketLineOut(out);
            lines.writeString("# service=git-receive-pack\n");
            lines.end();
            receivePack(git).sendAdvertisedRefs(new PacketLineOutRefAdvertiser(lines));
          }
        });
  }

  Body receive() {
    return made(
        out -> {
          try (var git = folders.open(repository);
              InputStream in = input()) {
            receivePack(git).receive(in, out, null);
          }
        });
  }

  private UploadPack uploadPack(org.eclipse.jgit.lib.Repository git) {
    UploadPack pack = new UploadPack(git);
    pack.setTransferConfig(PARTIAL);
    pack.setBiDirectionalPipe(false);
    String protocol = request.headers().get("Git-Protocol");
    if (protocol != null) {
      pack.setExtraParameters(List.of(protocol.split(":")));
    }
    return pack;
  }

  private ReceivePack receivePack(org.eclipse.jgit.lib.Repository git) {
    ReceivePack pack =
        new ReceivePack(git) {
          // Told before the client hears of its success: who asks then finds all of it done.
          @Override
          protected void executeCommands() {
            events.around(
                repository,
                caller,
                () -> {
                  super.executeCommands();
                  return true;
                });
          }
        };
    pack.setBiDirectionalPipe(false);
    pack.setAllowPushOptions(true);
    pack.setAtomic(false);
    pack.setPreReceiveHook(new PushRules(repository, folders.path(repository), permission));
    return pack;
  }

  private InputStream input() throws IOException {
    InputStream raw = new BufferedInputStream(request.body().open(), 64 * 1024);
    String encoding = request.headers().getOr("Content-Encoding", "");
    return encoding.contains("gzip") ? new GZIPInputStream(raw, 64 * 1024) : raw;
  }

  private interface Writer {
    void writeTo(OutputStream out) throws IOException;
  }

  private static Body made(Writer writer) {
    return new Body() {
      @Override
      public InputStream open() {
        throw new UnsupportedOperationException("made while it is sent");
      }

      @Override
      public long length() {
        return -1;
      }

      @Override
      public void writeTo(OutputStream out) throws IOException {
        writer.writeTo(out);
      }
    };
  }
}
