package dev.freeway.ecr.scan;

import java.util.Comparator;
import java.util.Optional;

/// How versions of an ecosystem compare. A comparison throws [Unreadable] for a text that is no
/// version there.
interface VersionOrder extends Comparator<String> {
  /// The text is no version of the ecosystem.
  final class Unreadable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unreadable(String version) {
      super("not a version: '" + version + "'", null, false, false);
    }
  }

  /// Empty for an ecosystem whose versions are not known here.
  static Optional<VersionOrder> of(String ecosystem) {
    return Optional.ofNullable(
        switch (Distribution.base(ecosystem)) {
          case "Debian", "Ubuntu" -> new DpkgVersions();
          case "Alpine", "Wolfi", "Chainguard" -> new ApkVersions();
          case "Red Hat", "Rocky Linux", "AlmaLinux" -> new RpmVersions();
          case "PyPI" -> new PythonVersions();
          case "npm" -> new SemanticVersions();
          case "Maven" -> new MavenVersions();
          default -> null;
        });
  }

  /// Compares texts of digits, however long.
  static int numbers(String a, String b) {
    String x = a.replaceFirst("^0+(?=.)", "");
    String y = b.replaceFirst("^0+(?=.)", "");
    return x.length() != y.length() ? Integer.compare(x.length(), y.length()) : x.compareTo(y);
  }
}
