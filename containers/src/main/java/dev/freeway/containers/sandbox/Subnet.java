package dev.freeway.containers.sandbox;

/// An IPv4 subnet such as `10.88.4.0/22`.
record Subnet(int base, int prefix) {
  static Subnet parse(String cidr) {
    int slash = cidr.indexOf('/');
    return new Subnet(toInt(cidr.substring(0, slash)), Integer.parseInt(cidr.substring(slash + 1)));
  }

  static int toInt(String address) {
    int value = 0;
    for (var part : address.split("\\.")) {
      value = value << 8 | Integer.parseInt(part);
    }
    return value;
  }

  int size() {
    return 1 << (32 - prefix);
  }

  String address(int index) {
    int value = base + index;
    return (value >>> 24)
        + "."
        + (value >>> 16 & 255)
        + "."
        + (value >>> 8 & 255)
        + "."
        + (value & 255);
  }

  String gateway() {
    return address(1);
  }

  boolean contains(String address) {
    return (toInt(address) & -size()) == base;
  }

  /// The nth smaller subnet inside this one.
  Subnet part(int n, int smallerPrefix) {
    return new Subnet(base + n * (1 << (32 - smallerPrefix)), smallerPrefix);
  }

  @Override
  public String toString() {
    return address(0) + "/" + prefix;
  }
}
