package dev.freeway.ingress;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Set;

/// Gives each load balancer a loopback address of its own, so that several can listen on port 80.
///
/// The address follows from the ARN: it is the same after a restart, as long as no other load
/// balancer took it.
public final class LoopbackAddresses {
  private LoopbackAddresses() {}

  /// Whether this system lets a process bind loopback addresses other than 127.0.0.1. Linux does;
  /// macOS needs an alias for each.
  public static boolean available() {
    try (ServerSocket probe = new ServerSocket()) {
      probe.bind(new InetSocketAddress(address(83, 83, 83), 0));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /// An address in 127.1.0.0 to 127.254.255.255 that is not among `taken`.
  public static InetAddress forArn(String arn, Set<InetAddress> taken) {
    byte[] hash = sha256(arn);
    int seed =
        ((hash[0] & 0xff) << 24)
            | ((hash[1] & 0xff) << 16)
            | ((hash[2] & 0xff) << 8)
            | (hash[3] & 0xff);
    for (int i = 0; ; i++) {
      int n = seed + i;
      InetAddress address =
          address(
              1 + Integer.remainderUnsigned(n >>> 16, 254),
              (n >>> 8) & 0xff,
              1 + Integer.remainderUnsigned(n & 0xff, 254));
      if (!taken.contains(address)) {
        return address;
      }
    }
  }

  private static InetAddress address(int second, int third, int fourth) {
    try {
      return InetAddress.getByAddress(new byte[] {127, (byte) second, (byte) third, (byte) fourth});
    } catch (UnknownHostException e) {
      throw new AssertionError("four bytes are an address", e);
    }
  }

  static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}
