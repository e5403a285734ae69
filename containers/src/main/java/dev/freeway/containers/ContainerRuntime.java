package dev.freeway.containers;

import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Starts containers and tells what became of them. Every runtime passes
/// `ContainerRuntimeContract`.
///
/// Identity is the caller's: a sandbox is known by the name it was created with, a container by
/// `sandbox.name`. Both survive the death of this process: a new runtime over the same state sees
/// what still runs, what has exited meanwhile and every log line, through [#list] and [#sandboxes].
/// Methods throw [ContainerException]; all may block, and are made for virtual threads.
public interface ContainerRuntime extends AutoCloseable {
  /// What this machine allows. Never throws; a runtime that cannot work says why.
  Capabilities probe();

  /// The machine's address as containers see it, known before there is a sandbox: listen here for
  /// their calls.
  String gateway();

  /// Makes the network of a sandbox. Throws `Conflict` when the name is taken.
  Sandbox createSandbox(SandboxSpec spec);

  /// Kills and removes all containers of the sandbox and its network. Does nothing when there is
  /// none.
  void removeSandbox(String sandbox);

  /// Sandboxes that carry all the given labels, oldest first.
  List<Sandbox> sandboxes(Map<String, String> labels);

  /// Prepares a container (image, file system) without running it. Throws `NotFound` for a sandbox
  /// or image that does not exist, `Conflict` when the name is taken.
  Container create(ContainerSpec spec);

  /// Runs a created container once. A command that does not exist is no exception: the container
  /// exits with 127 and a reason. Throws `Conflict` when it was started before, `Failed` when the
  /// container could not be made.
  void start(String container);

  /// Sends the container's stop signal and, when it still runs after `grace`, KILL. Returns once it
  /// has exited.
  ExitStatus stop(String container, Duration grace) throws InterruptedException;

  /// Sends a signal by name ("TERM", "KILL", "HUP") to the container's command. Does nothing when
  /// it has exited.
  void signal(String container, String signal);

  /// Blocks until the container has exited.
  ExitStatus waitFor(String container) throws InterruptedException;

  /// Blocks until the container has exited, at most this long.
  Optional<ExitStatus> waitFor(String container, Duration atMost) throws InterruptedException;

  /// Kills the container if it runs, and forgets it, its files and its logs. Does nothing when
  /// there is none.
  void remove(String container);

  Optional<Container> inspect(String container);

  /// Containers that carry all the given labels, oldest first, in whatever state.
  List<Container> list(Map<String, String> labels);

  /// Lines from `from` on. With `follow`, the stream ends when the container has exited and all its
  /// lines were given; otherwise at the last line written so far.
  LogStream logs(String container, LogPosition from, boolean follow);

  /// Runs one more command in a running container. Throws `Conflict` when it does not run.
  Exec exec(String container, ExecSpec spec);

  Stats stats(String container);

  /// Where a port of the sandbox is reached from this machine. Does not check that anything
  /// listens.
  InetSocketAddress endpoint(String sandbox, int port);

  /// A TCP socket of this process that only the sandbox's own containers reach, at a link-local or
  /// loopback address that is theirs alone. It is gone when this process ends: listen again then.
  /// Throws `Unavailable` where there is no network of its own, or this process may not enter it.
  ServerSocketChannel listen(String sandbox, String address, int port);

  /// The same for UDP.
  DatagramChannel listenToDatagrams(String sandbox, String address, int port);

  /// Removes every sandbox that is not in `keep`: what a restarted owner no longer knows. Returns
  /// the names removed.
  default List<String> reapAllBut(Set<String> keep) {
    var gone =
        sandboxes(Map.of()).stream()
            .map(Sandbox::name)
            .filter(name -> !keep.contains(name))
            .toList();
    gone.forEach(this::removeSandbox);
    return gone;
  }

  /// Lets go of this process's handles. Containers go on running.
  @Override
  void close();
}
