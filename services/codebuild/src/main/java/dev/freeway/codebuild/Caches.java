package dev.freeway.codebuild;

import dev.freeway.codebuild.Buildspec.Cache;
import dev.freeway.codebuild.api.ProjectCache;
import dev.freeway.containers.Mount;
import dev.freeway.platform.Call;
import dev.freeway.wire.AwsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What a build takes over from the builds before: a cache that fails is said in the log and does
/// not fail the build.
final class Caches {
  private static final String UNNAMED = "cache";

  private final Bucket bucket;
  private final Builds builds;
  private final dev.freeway.store.Store store;
  private final CacheGenerations generations;
  private final Path directory;

  /// @param directory of the caches on this machine
  Caches(
      Bucket bucket,
      Builds builds,
      dev.freeway.store.Store store,
      CacheGenerations generations,
      Path directory) {
    this.bucket = bucket;
    this.builds = builds;
    this.store = store;
    this.generations = generations;
    this.directory = directory;
  }

  /// Whether the build's files are to be copied out of its container for the cache.
  static boolean copied(StoredBuild b) {
    return type(b).equals("S3");
  }

  private static String type(StoredBuild b) {
    ProjectCache cache = b.build().cache();
    return cache == null ? "NO_CACHE" : cache.type();
  }

  private static boolean mode(StoredBuild b, String mode) {
    ProjectCache cache = b.build().cache();
    return type(b).equals("LOCAL") && cache.modes() != null && cache.modes().contains(mode);
  }

  /// A bare repository of the primary source, kept between builds; null without that cache.
  @Nullable Path mirror(StoredBuild b) throws IOException {
    return mode(b, "LOCAL_SOURCE_CACHE") ? take(b).resolve("source.git") : null;
  }

  private synchronized Path take(StoredBuild b) throws IOException {
    LocalCache cache = local(b);
    Path slot = cache.take(b.key(), this::running);
    cache.deleteOlder(this::running);
    return slot;
  }

  private boolean running(String key) {
    return store.read(tx -> builds.running(tx, key));
  }

  private LocalCache local(StoredBuild b) {
    String project = b.build().projectName();
    return new LocalCache(
        directory
            .resolve(b.scope().account() + "." + b.scope().region() + "." + project)
            .resolve("g" + generations.of(b.scope(), project)));
  }

  /// Brings the cache back before the build's container is made.
  ///
  /// @param key works out the texts of keys
  List<Mount> restore(
      Call call, StoredBuild b, Cache spec, CacheKey key, Places places, Consumer<String> say)
      throws BuildFailed, IOException {
    if (spec.paths().isEmpty() || !spec.restores()) {
      return List.of();
    }
    if (mode(b, "LOCAL_CUSTOM_CACHE")) {
      return LocalCache.restore(take(b), folders(spec), places);
    }
    if (copied(b)) {
      download(call, b, spec, key, places, say);
    }
    return List.of();
  }

  // A local cache is of folders: a pattern stands for the folder before its first wildcard.
  private static List<String> folders(Cache spec) {
    return spec.paths().stream()
        .map(p -> Globs.fixed(Places.absolute(p, Places.SOURCE)))
        .filter(f -> !f.isEmpty() && !f.equals("/") && !f.equals(Places.SOURCE))
        .distinct()
        .toList();
  }

  private void download(
      Call call, StoredBuild b, Cache spec, CacheKey key, Places places, Consumer<String> say)
      throws BuildFailed, IOException {
    Path zip = places.workspace().root().resolve("cache.zip");
    try {
      String object = place(b, spec.key() == null ? UNNAMED : key.of(spec.key())) + ".zip";
      boolean found = bucket.get(call, name(b), object, zip);
      for (int i = 0; !found && i < spec.fallbackKeys().size(); i++) {
        Optional<String> near =
            bucket.youngest(call, name(b), place(b, key.of(spec.fallbackKeys().get(i))));
        found = near.isPresent() && bucket.get(call, name(b), near.get(), zip);
      }
      if (found) {
        Path restore = Files.createDirectories(places.workspace().control().resolve("restore"));
        Zip.unpack(zip, restore);
        say.accept("Restored cache from " + b.build().cache().location());
      } else {
        say.accept("Unable to download cache: no cache at " + b.build().cache().location());
      }
    } catch (AwsException e) {
      say.accept("Unable to download cache: " + e.code() + ": " + e.message());
    } finally {
      Files.deleteIfExists(zip);
    }
  }

  private static String name(StoredBuild b) {
    String location = location(b);
    return location.contains("/") ? location.substring(0, location.indexOf('/')) : location;
  }

  private static String location(StoredBuild b) {
    return String.valueOf(b.build().cache().location()).replaceFirst("^arn:aws:s3:::", "");
  }

  private String place(StoredBuild b, String key) {
    String location = location(b);
    String prefix = location.contains("/") ? location.substring(location.indexOf('/') + 1) : "";
    String project = b.build().projectName();
    String namespace = b.build().cache().cacheNamespace();
    return (prefix.isEmpty() ? "" : prefix.replaceAll("/+$", "") + "/")
        + (namespace == null ? project : namespace)
        + "/g"
        + generations.of(b.scope(), project)
        + "/"
        + key;
  }

  /// Keeps the cache after a build that went well.
  void save(Call call, StoredBuild b, Cache spec, CacheKey key, Places places, Consumer<String> say)
      throws BuildFailed, IOException {
    if (spec.paths().isEmpty() || !spec.saves()) {
      return;
    }
    if (mode(b, "LOCAL_CUSTOM_CACHE")) {
      Optional<Path> slot = local(b).of(b.key());
      if (slot.isPresent()) {
        LocalCache.save(slot.get(), folders(spec), places);
      }
    } else if (copied(b)) {
      upload(call, b, spec, key, places, say);
    }
  }

  /// Undoes a [#save] that a crash cut short of its note: the folders are among the sources again.
  void putBack(StoredBuild b, Cache spec, Places places) throws IOException {
    if (mode(b, "LOCAL_CUSTOM_CACHE")) {
      Optional<Path> slot = local(b).of(b.key());
      if (slot.isPresent()) {
        LocalCache.restore(slot.get(), folders(spec), places);
      }
    }
  }

  private void upload(
      Call call, StoredBuild b, Cache spec, CacheKey key, Places places, Consumer<String> say)
      throws BuildFailed, IOException {
    Map<String, Path> named = new LinkedHashMap<>();
    FileSet.everywhere(spec.paths(), places).forEach((k, v) -> named.put(k.substring(1), v));
    if (named.isEmpty()) {
      say.accept("Nothing matches the paths of the cache");
      return;
    }
    Path zip = places.workspace().root().resolve("cache.zip");
    try {
      Files.deleteIfExists(zip);
      Zip.pack(named, zip);
      String object = place(b, spec.key() == null ? UNNAMED : key.of(spec.key())) + ".zip";
      bucket.put(call, name(b), object, zip);
      say.accept("Uploaded cache of " + named.size() + " files");
    } catch (AwsException e) {
      say.accept("Unable to upload cache: " + e.code() + ": " + e.message());
    } finally {
      Files.deleteIfExists(zip);
    }
  }
}
