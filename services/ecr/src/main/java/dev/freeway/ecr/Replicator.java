package dev.freeway.ecr;

import dev.freeway.flow.Outcome;
import dev.freeway.flow.Reconciler;
import dev.freeway.platform.Event;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.store.Key;
import dev.freeway.store.Tx;
import dev.freeway.wire.AwsException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Copies images to other registries: layers are linked, manifests pushed.
final class Replicator implements Reconciler {
  static final String KIND = "ecr.replication";

  private final Platform platform;
  private final Repositories repositories;
  private final StoredImages images;
  private final Layers layers;
  private final Push push;
  private final RepositoryMaking making;

  Replicator(
      Platform platform,
      Repositories repositories,
      StoredImages images,
      Layers layers,
      Push push,
      RepositoryMaking making) {
    this.platform = platform;
    this.repositories = repositories;
    this.images = images;
    this.layers = layers;
    this.push = push;
    this.making = making;
  }

  @Override
  public String kind() {
    return KIND;
  }

  private record Work(StoredRepository in, StoredImage image, List<Replication.Copy> copies) {}

  @Override
  public Outcome reconcile(String key) {
    String[] parts = Key.parts(key);
    Work work = platform.store().read(tx -> work(tx, parts));
    if (work == null) {
      return Outcome.done();
    }
    for (Replication.Copy copy : work.copies) {
      if (copy.status().equals("IN_PROGRESS")) {
        String failure = copy(work, copy.to());
        platform.store().update(tx -> finish(tx, work, copy.ended(failure)));
      }
    }
    return Outcome.done();
  }

  private @Nullable Work work(dev.freeway.store.ReadTx tx, String[] parts) {
    StoredRepository in =
        repositories.find(tx, new Scope(parts[0], parts[1]), parts[2]).orElse(null);
    StoredImage image = in == null ? null : images.byDigest(tx, in, parts[3]).orElse(null);
    return in == null || image == null
        ? null
        : new Work(in, image, Replication.copies(tx, in, image.digest()));
  }

  /// Why it cannot be; null when the image is there.
  private @Nullable String copy(Work work, Scope to) {
    StoredRepository from = work.in;
    String resource = to.arn("ecr", "repository/" + from.name()).toString();
    try {
      if (!lets(from.account(), to, "ecr:ReplicateImage", resource)) {
        return "AccessDeniedException";
      }
      Optional<StoredRepository> there =
          platform.store().read(tx -> repositories.find(tx, to, from.name()));
      if (there.isEmpty() && !lets(from.account(), to, "ecr:CreateRepository", resource)) {
        return "AccessDeniedException";
      }
      StoredRepository target = there.orElseGet(() -> making.forReplication(to, from.name()));
      for (StoredImage image : closure(from, work.image)) {
        for (String blob : image.blobs()) {
          layers.mount(from, target, blob);
        }
        ManifestDocument document = document(image);
        push.put(to, from.name(), document, null, Push.Cause.REPLICATION);
        if (image.digest().equals(work.image.digest())) {
          for (String tag : image.tags()) {
            push.put(to, from.name(), document, tag, Push.Cause.REPLICATION);
          }
        }
      }
      return null;
    } catch (AwsException e) {
      return e.code();
    }
  }

  private boolean lets(String account, Scope to, String action, String resource) {
    if (account.equals(to.account())) {
      return true;
    }
    String policy = platform.store().read(tx -> StoredRegistry.of(tx, to)).policy();
    return Access.lets(policy, account, "arn:aws:iam::" + account + ":root", action, resource);
  }

  /// The image and, before it, those an index names.
  private List<StoredImage> closure(StoredRepository in, StoredImage image) {
    List<StoredImage> all = new ArrayList<>();
    for (String child : image.manifests()) {
      platform
          .store()
          .read(tx -> images.byDigest(tx, in, child))
          .ifPresent(c -> all.addAll(closure(in, c)));
    }
    all.add(image);
    return all;
  }

  private static ManifestDocument document(StoredImage image) {
    try {
      return ManifestDocument.parse(image.manifest(), image.mediaType());
    } catch (ManifestDocument.Invalid e) {
      throw new IllegalStateException("a stored manifest was checked when pushed", e);
    }
  }

  private void finish(Tx tx, Work work, Replication.Copy copy) {
    StoredImage now = images.byDigest(tx, work.in, work.image.digest()).orElse(null);
    if (now == null) {
      return;
    }
    // A tag that came meanwhile has woken this again, and is still to go.
    boolean moved = !now.tags().equals(work.image.tags());
    if (!moved) {
      Replication.save(tx, work.in, now.digest(), copy);
    }
    Map<String, Object> detail = new LinkedHashMap<>();
    detail.put("result", copy.failure() == null ? "SUCCESS" : "FAILURE");
    detail.put("repository-name", work.in.name());
    detail.put("image-digest", now.digest());
    detail.put("source-account", work.in.account());
    detail.put("action-type", "REPLICATE");
    detail.put("source-region", work.in.region());
    if (!work.image.tags().isEmpty()) {
      detail.put("image-tag", work.image.tags().getFirst());
    }
    String arn = copy.to().arn("ecr", "repository/" + work.in.name()).toString();
    platform
        .events()
        .publish(
            tx,
            Event.of(
                copy.to(),
                platform.clock().instant(),
                "aws.ecr",
                "ECR Replication Action",
                List.of(arn),
                detail));
  }
}
