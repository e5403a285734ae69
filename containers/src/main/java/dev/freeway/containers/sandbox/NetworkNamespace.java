package dev.freeway.containers.sandbox;

import dev.freeway.containers.ContainerException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.Channel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// A sandbox's network as this process can enter it: a socket stays in the network it was opened
/// in, whoever uses it then.
///
/// @param file that stands for the namespace, such as `/run/netns/NAME` or `/proc/PID/ns/net`
public record NetworkNamespace(Path file) {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final int CLONE_NEWNET = 0x40000000;
  private static final MethodHandle OPEN =
      function(
          "open",
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
          Linker.Option.firstVariadicArg(2));
  private static final MethodHandle SETNS =
      function(
          "setns",
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
  private static final MethodHandle CLOSE =
      function("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

  @SuppressWarnings("restricted")
  private static MethodHandle function(
      String name, FunctionDescriptor type, Linker.Option... options) {
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type, options);
  }

  /// A TCP socket that only the sandbox's containers reach, at an address given to its loopback
  /// interface. Throws `Unavailable` when this process may not enter the network.
  public ServerSocketChannel listen(String address, int port) {
    var at = new InetSocketAddress(address, port);
    return inside(
        at,
        () -> ServerSocketChannel.open(StandardProtocolFamily.INET),
        channel -> channel.bind(at));
  }

  /// The same for UDP.
  public DatagramChannel listenToDatagrams(String address, int port) {
    var at = new InetSocketAddress(address, port);
    return inside(
        at, () -> DatagramChannel.open(StandardProtocolFamily.INET), channel -> channel.bind(at));
  }

  private interface Opening<C> {
    C open() throws IOException;
  }

  private interface Binding<C> {
    C bind(C channel) throws IOException;
  }

  private <C extends Channel> C inside(
      InetSocketAddress at, Opening<C> opening, Binding<C> binding) {
    var result = new CompletableFuture<C>();
    // A thread of the kernel's, for it alone: it ends in the other network.
    Thread.ofPlatform()
        .name("network-of-sandbox")
        .start(
            () -> {
              try {
                enter();
                result.complete(bound(at, opening.open(), binding));
              } catch (IOException | RuntimeException e) {
                result.completeExceptionally(e);
              }
            });
    try {
      return result.join();
    } catch (CompletionException e) {
      throw new ContainerException.Unavailable(
          "cannot listen at "
              + at.getHostString()
              + " in a sandbox: "
              + Objects.requireNonNullElse(e.getCause(), e).getMessage());
    }
  }

  private static <C extends Channel> C bound(InetSocketAddress at, C channel, Binding<C> binding)
      throws IOException {
    try {
      return bind(at, channel, binding);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static <C extends Channel> C bind(InetSocketAddress at, C channel, Binding<C> binding)
      throws IOException {
    try {
      return binding.bind(channel);
    } catch (BindException notYetOurs) {
      // Commands run from this thread are in its network, too.
      Command.of("ip", "addr", "replace", at.getHostString() + "/32", "dev", "lo").must("");
      return binding.bind(channel);
    }
  }

  private void enter() throws IOException {
    try (var arena = Arena.ofConfined()) {
      int descriptor = (int) OPEN.invokeExact(arena.allocateFrom(file.toString()), 0);
      if (descriptor < 0) {
        throw new IOException("cannot open " + file);
      }
      int entered = (int) SETNS.invokeExact(descriptor, CLONE_NEWNET);
      int closed = (int) CLOSE.invokeExact(descriptor);
      if (entered != 0 || closed != 0) {
        throw new IOException("cannot enter the network " + file + ": root is needed");
      }
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
