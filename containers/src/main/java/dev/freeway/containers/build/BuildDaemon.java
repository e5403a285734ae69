package dev.freeway.containers.build;

import dev.freeway.containers.ContainerRuntime;
import dev.freeway.containers.Mount;
import dev.freeway.containers.image.ImageStore;
import dev.freeway.containers.image.Registries;
import dev.freeway.containers.image.Trees;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Serves the `docker` command of one build. Put [#mounts] into the build's container and
/// [#binDirectory] first on its PATH; then `docker build`, `tag`, `push`, … work there. Opening it
/// again over the same directory, after a crash, serves the same build on.
public final class BuildDaemon implements AutoCloseable {
  /// What builds share.
  ///
  /// @param registries where pushes and pulls go
  /// @param scratch for contexts that are not under a mount
  public record Services(
      ImageStore store, ImageBuilder builder, Registries registries, Path scratch) {}

  /// Where `docker run` puts its containers: beside the build's own.
  public record Place(ContainerRuntime runtime, String sandbox) {}

  private static final String INSIDE = "/run/freeway";
  private final Services services;
  private final String build;
  private final Path directory;
  private final List<Mount> workspace;
  private final ServerSocketChannel server;
  private final PrivateTags tags;
  private final @Nullable BuildContainers containers;
  private final Map<String, dev.freeway.containers.image.Credentials> logins =
      new ConcurrentHashMap<>();
  private final Set<Thread> serving = ConcurrentHashMap.newKeySet();

  /// @param build a name of its own: `[a-z0-9][a-z0-9-]*`
  /// @param directory for the socket and the command; shown to the build
  /// @param workspace mounts of the build's container: contexts below them are read in place, and
  ///   `docker run` can mount them
  /// @param place null: the build may not run containers
  public BuildDaemon(
      Services services, String build, Path directory, List<Mount> workspace, @Nullable Place place)
      throws IOException {
    if (!build.matches("[a-z0-9][a-z0-9-]*")) {
      throw new IllegalArgumentException("build name: " + build);
    }
    this.services = services;
    this.build = build;
    this.directory = directory.toAbsolutePath();
    this.workspace = List.copyOf(workspace);
    this.tags = new PrivateTags(services.store(), build);
    this.containers = place == null ? null : new BuildContainers(place);
    install();
    server = listen();
    Thread.ofVirtual().name("docker-" + build).start(this::accept);
  }

  private void install() throws IOException {
    Files.createDirectories(directory.resolve("bin"));
    try (var in = BuildDaemon.class.getResourceAsStream("docker.pl")) {
      if (in == null) {
        throw new IllegalStateException("docker.pl is not on the class path");
      }
      var next = directory.resolve("bin/.docker");
      Files.copy(in, next, StandardCopyOption.REPLACE_EXISTING);
      Files.setAttribute(next, "unix:mode", 0755);
      Files.move(next, directory.resolve("bin/docker"), StandardCopyOption.ATOMIC_MOVE);
    }
  }

  /// A socket's path may have about 100 characters only: a short link leads to the directory while
  /// it is made.
  private ServerSocketChannel listen() throws IOException {
    Files.deleteIfExists(directory.resolve("docker.sock"));
    var link = Files.createTempDirectory("fwy").resolve("d");
    Files.createSymbolicLink(link, directory);
    var channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.bind(UnixDomainSocketAddress.of(link.resolve("docker.sock")));
      Files.setAttribute(directory.resolve("docker.sock"), "unix:mode", 0666);
      return channel;
    } catch (IOException e) {
      channel.close();
      throw e;
    } finally {
      Trees.delete(Trees.parent(link));
    }
  }

  /// What the build's container needs: the socket and the command.
  public List<Mount> mounts() {
    return List.of(Mount.readWrite(directory, INSIDE));
  }

  /// Where the command is: to be first on the build's PATH.
  public String binDirectory() {
    return INSIDE + "/bin";
  }

  private void accept() {
    try {
      for (; ; ) {
        var connection = server.accept();
        serving.add(Thread.ofVirtual().name("docker-command").start(() -> serve(connection)));
      }
    } catch (ClosedChannelException closed) {
      // The build is over.
    } catch (IOException e) {
      throw new UncheckedIOException("the docker socket of build " + build, e);
    }
  }

  private void serve(SocketChannel connection) {
    try (connection;
        var in = new DataInputStream(Channels.newInputStream(connection));
        var out = new DataOutputStream(Channels.newOutputStream(connection))) {
      var terminal = Terminal.accept(in, out);
      new DockerCommand(services, tags, logins, workspace, containers, terminal).run();
    } catch (IOException | UncheckedIOException wentAway) {
      // Nobody is left to be told: the command was killed.
    } finally {
      serving.remove(Thread.currentThread());
    }
  }

  /// Ends the commands that run, and forgets the build's image names. Its containers go with its
  /// sandbox: none is made after this.
  @Override
  public void close() throws IOException {
    server.close();
    if (containers != null) {
      containers.close();
    }
    serving.forEach(Thread::interrupt);
    Files.deleteIfExists(directory.resolve("docker.sock"));
    tags.clear();
  }

  /// Forgets the image names of a build whose daemon this process has not opened.
  public static void forget(ImageStore images, String build) {
    new PrivateTags(images, build).clear();
  }
}
