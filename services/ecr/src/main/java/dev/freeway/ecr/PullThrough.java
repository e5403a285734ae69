package dev.freeway.ecr;

import dev.freeway.containers.image.Manifest;
import dev.freeway.containers.image.Reference;
import dev.freeway.containers.image.Registry;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.store.BlobWriter;
import dev.freeway.store.Digest;
import dev.freeway.store.Table;
import dev.freeway.wire.AwsException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Brings images of upstream registries here when they are pulled: whole, before the pull is
/// answered, every image of an index. A tag is looked up there again a day later.
final class PullThrough {
  private static final System.Logger LOG = System.getLogger(PullThrough.class.getName());
  private static final Duration FRESH = Duration.ofDays(1);
  private static final Table<Checked> CHECKED = new Table<>("ecr_cached", Checked.class);

  /// When a tag was last looked up.
  record Checked(Instant at) {}

  private final Platform platform;
  private final Repositories repositories;
  private final StoredImages images;
  private final Layers layers;
  private final Push push;
  private final RepositoryMaking making;
  private final Upstreams upstreams;

  PullThrough(
      Platform platform,
      Repositories repositories,
      StoredImages images,
      Layers layers,
      Push push,
      RepositoryMaking making,
      Upstreams upstreams) {
    this.platform = platform;
    this.repositories = repositories;
    this.images = images;
    this.layers = layers;
    this.push = push;
    this.making = making;
    this.upstreams = upstreams;
  }

  /// To be called before an image is looked for here. Does nothing for repositories without a rule,
  /// and for what is fresh. When the upstream fails, what is here stays good.
  ///
  /// @param reference a tag or a digest
  void refresh(Scope scope, String name, String reference) throws IOException {
    Instant now = platform.clock().instant();
    record State(@Nullable StoredRule rule, boolean here, boolean fresh) {}
    State state =
        platform
            .store()
            .read(
                tx -> {
                  StoredRule rule = StoredRule.of(tx, scope, name).orElse(null);
                  if (rule == null) {
                    return new State(null, true, true);
                  }
                  boolean here =
                      repositories
                          .find(tx, scope, name)
                          .flatMap(r -> images.find(tx, r, reference))
                          .isPresent();
                  boolean fresh =
                      reference.contains(":")
                          || tx.get(CHECKED, scope.key(name, reference))
                              .filter(c -> c.at().plus(FRESH).isAfter(now))
                              .isPresent();
                  return new State(rule, here, fresh);
                });
    if (state.rule == null || state.here && state.fresh) {
      return;
    }
    try {
      if (fetch(scope, name, reference, state.rule)) {
        platform
            .store()
            .update(tx -> tx.put(CHECKED, scope.key(name, reference), new Checked(now)));
      }
    } catch (IOException e) {
      if (!state.here) {
        throw e;
      }
      LOG.log(Level.WARNING, "upstream of " + name + ": " + e.getMessage() + "; kept what is here");
    }
  }

  private boolean fetch(Scope scope, String name, String reference, StoredRule rule)
      throws IOException {
    Registry upstream;
    try {
      upstream = upstreams.of(scope, rule);
    } catch (AwsException e) {
      throw new IOException(e.message(), e);
    }
    Reference wanted =
        Reference.parse(
            rule.host()
                + "/"
                + rule.upstreamName(name)
                + (reference.contains(":") ? "@" : ":")
                + reference);
    Optional<Manifest> found = upstream.resolve(wanted);
    if (found.isEmpty()) {
      return false;
    }
    StoredRepository in = making.forCache(scope, name);
    take(in, upstream, wanted, found.get(), reference.contains(":") ? null : reference);
    return true;
  }

  private void take(
      StoredRepository in,
      Registry upstream,
      Reference reference,
      Manifest manifest,
      @Nullable String tag)
      throws IOException {
    ManifestDocument document;
    try {
      document = ManifestDocument.parse(manifest.bytes(), manifest.mediaType());
    } catch (ManifestDocument.Invalid e) {
      throw new IOException(reference + " is not an image: " + e.getMessage(), e);
    }
    for (String child : document.manifests()) {
      if (platform.store().read(tx -> images.byDigest(tx, in, child)).isEmpty()) {
        Reference at = reference.at(child);
        Manifest one =
            upstream
                .resolve(at)
                .orElseThrow(() -> new IOException("the upstream does not have " + at));
        take(in, upstream, at, one, null);
      }
    }
    for (String digest : document.blobs().keySet()) {
      if (platform.store().read(tx -> layers.find(tx, in, digest)).isEmpty()) {
        try (InputStream content = upstream.blob(reference, digest);
            BlobWriter writer = platform.blobs().create(Digest.SHA256)) {
          content.transferTo(writer);
          layers.commit(in, writer, digest);
        }
      }
    }
    try {
      push.put(in.scope(), in.name(), document, tag, Push.Cause.CACHE);
    } catch (AwsException e) {
      throw new IOException(e.message(), e);
    }
  }
}
