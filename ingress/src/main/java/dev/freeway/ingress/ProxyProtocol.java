package dev.freeway.ingress;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/// The proxy protocol's binary header (version 2), which tells a target who the client is. See
/// https://www.haproxy.org/download/1.8/doc/proxy-protocol.txt
final class ProxyProtocol {
  private static final byte[] SIGNATURE = Octets.of("\r\n\r\n\0\r\nQUIT\n");
  private static final byte VERSION_2_PROXY = 0x21;
  private static final byte TCP_IPV4 = 0x11;
  private static final byte TCP_IPV6 = 0x21;

  private ProxyProtocol() {}

  static byte[] header(Peer peer, InetSocketAddress listener) {
    byte[] from = peer.address().getAddress();
    byte[] to = listener.getAddress().getAddress();
    short length = (short) (from.length + to.length + 4);
    return ByteBuffer.allocate(16 + length)
        .put(SIGNATURE)
        .put(VERSION_2_PROXY)
        .put(from.length == 4 ? TCP_IPV4 : TCP_IPV6)
        .putShort(length)
        .put(from)
        .put(to)
        .putShort((short) peer.socketAddress().getPort())
        .putShort((short) listener.getPort())
        .array();
  }
}
