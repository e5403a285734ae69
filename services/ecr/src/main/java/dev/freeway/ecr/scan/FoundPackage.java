package dev.freeway.ecr.scan;

import java.util.List;

/// A package that an image holds.
///
/// @param manager in the words of Amazon Inspector: OS, PYTHONPKG, NODEPKG, JAR
/// @param ecosystem as OSV names it, with the release for distributions: `Debian:12`, `PyPI`; empty
///   for a package of the distribution before that is known
/// @param names under which advisories may speak of it: Debian's and Alpine's speak of the source
/// @param comparedVersion the one advisories speak of: of the source
/// @param arch empty when the package says none
/// @param path of the file that told, in the image
/// @param layer digest of the layer that has the file
public record FoundPackage(
    String manager,
    String ecosystem,
    String name,
    String version,
    List<String> names,
    String comparedVersion,
    String arch,
    String path,
    String layer) {

  static FoundPackage ofSystem(
      String name, String version, String source, String sourceVersion, String arch) {
    return new FoundPackage("OS", "", name, version, List.of(source), sourceVersion, arch, "", "");
  }

  static FoundPackage of(String manager, String ecosystem, String name, String version) {
    return new FoundPackage(manager, ecosystem, name, version, List.of(name), version, "", "", "");
  }

  FoundPackage named(List<String> others) {
    return new FoundPackage(
        manager, ecosystem, name, version, others, comparedVersion, arch, path, layer);
  }

  FoundPackage at(String newPath, String newLayer) {
    return new FoundPackage(
        manager, ecosystem, name, version, names, comparedVersion, arch, newPath, newLayer);
  }

  FoundPackage of(String distribution) {
    return new FoundPackage(
        manager, distribution, name, version, names, comparedVersion, arch, path, layer);
  }
}
