package dev.freeway.ecs;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Asks the machine's own name servers, from the machine's network.
final class DnsForward {
  private static final int TIMEOUT_MILLIS = 3000;
  private static final int PORT = 53;
  private final Path configuration;

  DnsForward(Path configuration) {
    this.configuration = configuration;
  }

  static DnsForward ofMachine() {
    return new DnsForward(Path.of("/etc/resolv.conf"));
  }

  /// As they are now: networks change while Freeway runs.
  private List<InetAddress> servers() {
    List<InetAddress> all = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(configuration)) {
        String[] words = line.strip().split("\\s+");
        if (words.length > 1 && words[0].equals("nameserver")) {
          all.add(InetAddress.ofLiteral(words[1].replaceFirst("%.*", "")));
        }
      }
    } catch (IOException | IllegalArgumentException e) {
      return all;
    }
    return all;
  }

  byte[] byUdp(byte[] query) {
    for (InetAddress server : servers()) {
      try (DatagramSocket socket = new DatagramSocket()) {
        // Connected, so that nobody else can answer.
        socket.connect(new InetSocketAddress(server, PORT));
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.send(new DatagramPacket(query, query.length));
        DatagramPacket answer = new DatagramPacket(new byte[65535], 65535);
        socket.receive(answer);
        return java.util.Arrays.copyOf(answer.getData(), answer.getLength());
      } catch (IOException unanswered) {
        // The next one.
      }
    }
    return DnsAnswer.failure(query);
  }

  byte[] byTcp(byte[] query) {
    for (InetAddress server : servers()) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(server, PORT), TIMEOUT_MILLIS);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        var out = new java.io.DataOutputStream(socket.getOutputStream());
        out.writeShort(query.length);
        out.write(query);
        out.flush();
        var in = new java.io.DataInputStream(socket.getInputStream());
        return in.readNBytes(in.readUnsignedShort());
      } catch (IOException unanswered) {
        // The next one.
      }
    }
    return DnsAnswer.failure(query);
  }
}
