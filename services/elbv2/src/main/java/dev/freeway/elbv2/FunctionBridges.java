package dev.freeway.elbv2;

import dev.freeway.platform.Platform;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;

/// Functions as targets: behind each, a small server on the loopback address that the data plane
/// takes for the target. There is none until a function is registered.
final class FunctionBridges implements AutoCloseable {
  private final Platform platform;
  private final Map<String, FunctionBridge> open = new HashMap<>();

  FunctionBridges(Platform platform) {
    this.platform = platform;
  }

  /// Where requests for this function of this group are taken.
  synchronized InetSocketAddress endpoint(Group group, String function) {
    boolean multi = "true".equals(group.attribute("lambda.multi_value_headers.enabled"));
    FunctionBridge bridge =
        open.computeIfAbsent(
            group.arn() + "|" + function,
            key -> {
              try {
                return new FunctionBridge(platform, group.arn(), function);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    bridge.multiValue(multi);
    return bridge.address();
  }

  synchronized void remove(String groupArn) {
    open.entrySet()
        .removeIf(
            e -> {
              boolean its = e.getKey().startsWith(groupArn + "|");
              if (its) {
                e.getValue().close();
              }
              return its;
            });
  }

  @Override
  public synchronized void close() {
    open.values().forEach(FunctionBridge::close);
    open.clear();
  }
}
