package dev.freeway.ecr.scan;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Which distribution's packages an image has, from its `os-release`.
final class Distribution {
  private Distribution() {}

  /// OSV's ecosystem with its release, such as `Debian:12`. Empty for those OSV has no word for.
  static Optional<String> ecosystem(String osRelease) {
    Map<String, String> facts = new HashMap<>();
    osRelease
        .lines()
        .filter(l -> l.contains("="))
        .forEach(
            l ->
                facts.put(
                    l.substring(0, l.indexOf('=')).strip(),
                    l.substring(l.indexOf('=') + 1).strip().replaceAll("^[\"']|[\"']$", "")));
    String version = facts.getOrDefault("VERSION_ID", "");
    String[] parts = version.split("\\.");
    String major = parts[0];
    return switch (facts.getOrDefault("ID", "")) {
      case "debian" -> Optional.of(version.isEmpty() ? "Debian" : "Debian:" + major);
      case "ubuntu" -> Optional.of("Ubuntu:" + version);
      case "alpine" ->
          Optional.of(parts.length < 2 ? "Alpine" : "Alpine:v" + major + "." + parts[1]);
      case "rhel" -> Optional.of("Red Hat:" + major);
      case "rocky" -> Optional.of("Rocky Linux:" + major);
      case "almalinux" -> Optional.of("AlmaLinux:" + major);
      case "wolfi" -> Optional.of("Wolfi");
      case "chainguard" -> Optional.of("Chainguard");
      default -> Optional.empty();
    };
  }

  /// Whether an advisory's ecosystem is about an image's.
  ///
  /// @param of such as `Debian:12`, `Debian`, `Ubuntu:22.04:LTS`, `Red
  ///   Hat:enterprise_linux:9::baseos`
  static boolean covers(String of, String image) {
    if (of.equals(image)) {
      return true;
    }
    String base = base(of);
    if (!base.equals(base(image))) {
      return false;
    }
    if (of.equals(base)) {
      return true;
    }
    String release = image.substring(Math.min(image.length(), base.length() + 1));
    String stated = of.substring(base.length() + 1);
    return switch (base) {
      case "Ubuntu" -> stated.equals(release) || stated.startsWith(release + ":");
      case "Red Hat" ->
          stated.matches(
              "(enterprise_linux|rhel_[a-z0-9_]+):" + Pattern.quote(release) + "([.:].*)?");
      case "Debian", "Alpine", "Rocky Linux", "AlmaLinux" -> false;
      // The languages' ecosystems have no releases.
      default -> true;
    };
  }

  static String base(String ecosystem) {
    int colon = ecosystem.indexOf(':');
    return colon < 0 ? ecosystem : ecosystem.substring(0, colon);
  }
}
