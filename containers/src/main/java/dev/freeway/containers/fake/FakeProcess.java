package dev.freeway.containers.fake;

import dev.freeway.containers.ContainerSpec;
import dev.freeway.containers.LogLine;
import java.net.InetSocketAddress;

/// A fake container seen from its [Program].
public interface FakeProcess {
  ContainerSpec spec();

  void out(String line);

  void err(String line);

  /// Blocks until a signal other than KILL comes; returns its name.
  String awaitSignal() throws InterruptedException;

  /// Lets a port of the container's sandbox be reached at this address.
  void listen(int port, InetSocketAddress at);

  /// Ends as if the kernel had killed it for memory: return this from the program.
  int outOfMemory();

  /// Everything written so far.
  java.util.List<LogLine> written();
}
