package dev.freeway.containers.sandbox;

import dev.freeway.containers.ContainerException;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The switch that joins the sandboxes of one state directory with each other and with the machine.
/// Its interface alias names the directory it belongs to: that is how a later process finds it
/// again, and how several Freeways share a machine.
record Bridge(String name, Subnet subnet) {
  private static final Path INTERFACES = Path.of("/sys/class/net");
  private static final int PART = 22;

  /// Where tasks ask about themselves: given at once, so that [NetworkNamespace#listen] needs no
  /// command of its own.
  private static final String OWN_SERVICES = "169.254.170.2/32";

  /// Finds the bridge of this owner or makes one on a free part of the pool.
  static Bridge obtain(Path owner, Subnet pool) throws IOException {
    var existing = find(owner, pool);
    if (existing != null) {
      existing.admitForwarding();
      return existing;
    }
    int parts = pool.prefix() >= PART ? 1 : 1 << (PART - pool.prefix());
    int first = Math.floorMod(owner.toString().hashCode(), parts);
    for (int i = 0; i < parts; i++) {
      var candidate = numbered((first + i) % parts, pool);
      if (!candidate.clashes() && candidate.make(owner)) {
        return candidate;
      }
    }
    throw new ContainerException.Failed(
        "no free part of " + pool + " for a bridge; choose another address pool");
  }

  static @Nullable Bridge find(Path owner, Subnet pool) throws IOException {
    for (var path : StateFiles.children(INTERFACES)) {
      var name = path.getFileName().toString();
      if (name.matches("fwy\\d+")
          && Files.readString(path.resolve("ifalias")).strip().equals(alias(owner))) {
        return numbered(Integer.parseInt(name.substring(3)), pool);
      }
    }
    return null;
  }

  private static Bridge numbered(int n, Subnet pool) {
    return new Bridge("fwy" + n, pool.part(n, Math.max(PART, pool.prefix())));
  }

  private static String alias(Path owner) {
    var text = "freeway:" + owner;
    // The kernel keeps at most 255 bytes.
    return text.getBytes(StandardCharsets.UTF_8).length < 200
        ? text
        : "freeway:" + java.util.UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8));
  }

  private boolean clashes() throws IOException {
    if (Files.exists(INTERFACES.resolve(name))) {
      return true;
    }
    for (var other : NetworkInterface.networkInterfaces().toList()) {
      for (var address : other.getInterfaceAddresses()) {
        if (address.getAddress() instanceof Inet4Address ip
            && (subnet.contains(ip.getHostAddress())
                || new Subnet(
                        Subnet.toInt(ip.getHostAddress())
                            & -(1 << (32 - address.getNetworkPrefixLength())),
                        address.getNetworkPrefixLength())
                    .contains(subnet.gateway()))) {
          return true;
        }
      }
    }
    return false;
  }

  /// False when another process took the name first.
  private boolean make(Path owner) {
    var added = Command.of("ip", "link", "add", "name", name, "type", "bridge").run("");
    if (added.code() != 0) {
      if (added.output().contains("File exists")) {
        return false;
      }
      throw new ContainerException.Failed("cannot make a bridge: " + added.output());
    }
    // Not on creation: there the kernel ignores an alias.
    Command.of("ip", "link", "set", name, "alias", alias(owner)).must("");
    batch(
        "addr add " + subnet.gateway() + "/" + subnet.prefix() + " dev " + name,
        "link set " + name + " up");
    admitForwarding();
    return true;
  }

  /// With a container engine on the machine, bridged packets pass its firewall, whose policy is to
  /// drop: lets this bridge's own through. An engine may be started at any time, so this is asked
  /// again whenever something is connected.
  private void admitForwarding() {
    var filtered = Path.of("/proc/sys/net/bridge/bridge-nf-call-iptables");
    try {
      if (Files.exists(filtered)
          && Files.readString(filtered).strip().equals("1")
          && rule("-C").run("").code() != 0) {
        rule("-I").run("");
      }
    } catch (IOException e) {
      throw new ContainerException.Failed("cannot read " + filtered, e);
    }
  }

  private Command rule(String action) {
    return Command.of("iptables", "-w", action, "FORWARD", "-i", name, "-o", name, "-j", "ACCEPT");
  }

  void remove() {
    Command.of("ip", "link", "del", name).run("");
    if (Files.exists(Path.of("/usr/sbin/iptables"))) {
      rule("-D").run("");
    }
  }

  String namespace(String sandbox) {
    return name + "-" + sandbox;
  }

  /// Name of the machine's end of a sandbox's cable; at most 15 characters.
  String port(String address) {
    return name + "v" + Integer.toHexString(Subnet.toInt(address) - subnet.base());
  }

  void connect(String sandbox, String address) {
    admitForwarding();
    var namespace = namespace(sandbox);
    var port = port(address);
    batch(
        "netns add " + namespace,
        "link add " + port + " type veth peer name eth0 netns " + namespace,
        "link set " + port + " master " + name + " up");
    Command.of("ip", "-n", namespace, "-batch", "-")
        .must(
            String.join(
                "\n",
                "addr add " + address + "/" + subnet.prefix() + " dev eth0",
                "link set lo up",
                "addr add " + OWN_SERVICES + " dev lo",
                "link set eth0 up",
                "route add default via " + subnet.gateway(),
                ""));
  }

  void disconnect(String sandbox, String address) {
    // One by one: what a crash left half-made has only some of these.
    Command.of("ip", "link", "del", port(address)).run("");
    removeNamespace(namespace(sandbox));
  }

  static void removeNamespace(String namespace) {
    if (Files.exists(namespaceFile(namespace))) {
      Command.of("ip", "netns", "del", namespace).must("");
    }
  }

  static Path namespaceFile(String namespace) {
    return Path.of("/run/netns", namespace);
  }

  /// Namespaces made for this bridge, as sandbox names.
  List<String> namespaces() throws IOException {
    var found = new ArrayList<String>();
    for (var path : StateFiles.children(Path.of("/run/netns"))) {
      var file = path.getFileName().toString();
      if (file.startsWith(name + "-")) {
        found.add(file.substring(name.length() + 1));
      }
    }
    return found;
  }

  private static void batch(String... lines) {
    Command.of("ip", "-batch", "-").must(String.join("\n", lines) + "\n");
  }
}
