package dev.freeway.ecr;

import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import java.util.List;
import java.util.Optional;

/// Storage of images and of the tags that point to them. An image row lists its tags; the tag rows
/// are the way back, kept in the same transactions.
final class StoredImages {
  private static final Table<StoredImage> IMAGES = new Table<>("ecr_images", StoredImage.class);
  private static final Table<Target> TAGS = new Table<>("ecr_tags", Target.class);

  record Target(String digest) {}

  Optional<StoredImage> byDigest(ReadTx tx, StoredRepository in, String digest) {
    return tx.get(IMAGES, key(in, digest));
  }

  Optional<StoredImage> byTag(ReadTx tx, StoredRepository in, String tag) {
    return tx.get(TAGS, key(in, tag)).flatMap(t -> byDigest(tx, in, t.digest()));
  }

  /// @param reference a tag or a digest
  Optional<StoredImage> find(ReadTx tx, StoredRepository in, String reference) {
    return reference.contains(":") ? byDigest(tx, in, reference) : byTag(tx, in, reference);
  }

  List<StoredImage> all(ReadTx tx, StoredRepository in) {
    return tx.scan(IMAGES, prefix(in)).stream().map(Row::value).toList();
  }

  boolean any(ReadTx tx, StoredRepository in) {
    return !tx.scan(IMAGES, prefix(in), "", 1).isEmpty();
  }

  /// At most `limit` tags after the given one, in order.
  List<String> tags(ReadTx tx, StoredRepository in, String after, int limit) {
    String start = after.isEmpty() ? "" : key(in, after);
    return tx.scan(TAGS, prefix(in), start, limit).stream()
        .map(r -> Key.parts(r.key())[3])
        .toList();
  }

  void save(Tx tx, StoredRepository in, StoredImage image) {
    tx.put(IMAGES, key(in, image.digest()), image);
  }

  /// Points a tag to an image, taking it from the one that had it.
  void tag(Tx tx, StoredRepository in, String tag, StoredImage image) {
    byTag(tx, in, tag)
        .filter(before -> !before.digest().equals(image.digest()))
        .ifPresent(before -> save(tx, in, before.withoutTag(tag)));
    save(tx, in, image.withTag(tag));
    tx.put(TAGS, key(in, tag), new Target(image.digest()));
  }

  /// Removes a tag and leaves the image.
  void untag(Tx tx, StoredRepository in, String tag, StoredImage image) {
    save(tx, in, image.withoutTag(tag));
    tx.delete(TAGS, key(in, tag));
  }

  void delete(Tx tx, StoredRepository in, StoredImage image) {
    image.tags().forEach(t -> tx.delete(TAGS, key(in, t)));
    tx.delete(IMAGES, key(in, image.digest()));
  }

  void deleteAll(Tx tx, StoredRepository in) {
    tx.deletePrefix(TAGS, prefix(in));
    tx.deletePrefix(IMAGES, prefix(in));
  }

  private static String key(StoredRepository in, String last) {
    return in.scope().key(in.name(), last);
  }

  private static String prefix(StoredRepository in) {
    return Key.prefix(in.account(), in.region(), in.name());
  }
}
