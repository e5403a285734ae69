package dev.freeway.containers.image;

import org.jspecify.annotations.Nullable;

/// An image reference taken apart: `[registry/]repository[:tag][@digest]`.
///
/// @param registry host, with port if given; empty when the reference names none
/// @param tag "latest" when neither tag nor digest is given
public record Reference(
    String registry, String repository, @Nullable String tag, @Nullable String digest) {
  public static Reference parse(String text) {
    var rest = text;
    String digest = null;
    int at = rest.indexOf('@');
    if (at >= 0) {
      digest = rest.substring(at + 1);
      rest = rest.substring(0, at);
    }
    String tag = null;
    int colon = rest.lastIndexOf(':');
    if (colon > rest.lastIndexOf('/')) {
      tag = rest.substring(colon + 1);
      rest = rest.substring(0, colon);
    }
    var registry = "";
    int slash = rest.indexOf('/');
    if (slash > 0 && rest.substring(0, slash).matches("localhost|.*[.:].*")) {
      registry = rest.substring(0, slash);
      rest = rest.substring(slash + 1);
    }
    if (registry.equals("docker.io") || registry.equals("index.docker.io")) {
      registry = "";
    }
    if (registry.isEmpty() && rest.startsWith("library/")) {
      rest = rest.substring("library/".length());
    }
    if (!rest.matches("[a-z0-9]+([._-]+[a-z0-9]+)*(/[a-z0-9]+([._-]+[a-z0-9]+)*)*")
        || tag != null && !tag.matches("\\w[\\w.-]{0,127}")
        || digest != null && !digest.matches("sha256:[0-9a-f]{64}")) {
      throw new IllegalArgumentException(
          "invalid image reference \""
              + text
              + "\": expected [registry/]repository[:tag][@sha256:…]");
    }
    return new Reference(registry, rest, tag == null && digest == null ? "latest" : tag, digest);
  }

  /// Registry and repository, as people write them.
  public String name() {
    return registry.isEmpty() ? repository : registry + "/" + repository;
  }

  /// What to ask a registry for: the digest when there is one, else the tag.
  public String version() {
    return digest != null ? digest : String.valueOf(tag);
  }

  public Reference at(String newDigest) {
    return new Reference(registry, repository, null, newDigest);
  }

  @Override
  public String toString() {
    return name() + (tag != null ? ":" + tag : "") + (digest != null ? "@" + digest : "");
  }
}
