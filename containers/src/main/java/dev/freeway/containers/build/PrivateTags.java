package dev.freeway.containers.build;

import dev.freeway.containers.image.ImageStore;
import dev.freeway.containers.image.Reference;
import dev.freeway.containers.image.StoredImage;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The image names of one build. Two builds at once may both call their image `app:latest`: each
/// sees its own. They are kept in the store under a name of the build, so that they survive a
/// restart and content they lead to is not pruned.
record PrivateTags(ImageStore store, String build) {
  private String prefix() {
    return "build.internal/" + build + "/";
  }

  private Reference inside(Reference reference) {
    var host = reference.registry().replace(":", "--");
    var repository = build + "/" + (host.isEmpty() ? "local" : host) + "/" + reference.repository();
    return new Reference("build.internal", repository, reference.tag(), reference.digest());
  }

  void put(StoredImage image, Reference reference) {
    store.tag(image, inside(reference));
  }

  Optional<StoredImage> find(String text) {
    try {
      return store.find(inside(Reference.parse(text)).toString());
    } catch (IllegalArgumentException notAReference) {
      return Optional.empty();
    }
  }

  /// By name, by digest, or by (the beginning of) the id that `docker images` shows.
  Optional<StoredImage> findAny(String text) {
    var named = find(text);
    if (named.isPresent()) {
      return named;
    }
    var id = text.startsWith("sha256:") ? text.substring(7) : text;
    return id.matches("[0-9a-f]{6,64}")
        ? all().keySet().stream()
            .flatMap(reference -> find(reference).stream())
            .filter(image -> image.config().digest().substring(7).startsWith(id))
            .findFirst()
        : Optional.empty();
  }

  void remove(Reference reference) {
    store.remove(inside(reference).toString());
  }

  /// Names as the build knows them, with manifest digests.
  Map<String, String> all() {
    var tags = new TreeMap<String, String>();
    store
        .tags()
        .forEach(
            (name, digest) -> {
              if (name.startsWith(prefix())) {
                var known = name.substring(prefix().length());
                int slash = known.indexOf('/');
                var host = known.substring(0, slash).replace("--", ":");
                tags.put(
                    host.equals("local")
                        ? known.substring(slash + 1)
                        : host + known.substring(slash),
                    digest);
              }
            });
    return tags;
  }

  /// Forgets all names of the build.
  void clear() {
    store.tags().keySet().stream().filter(name -> name.startsWith(prefix())).forEach(store::remove);
  }
}
