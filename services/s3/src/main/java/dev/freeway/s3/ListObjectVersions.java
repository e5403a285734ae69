package dev.freeway.s3;

import dev.freeway.platform.Call;
import dev.freeway.platform.Handler;
import dev.freeway.s3.api.DeleteMarkerEntry;
import dev.freeway.s3.api.ListObjectVersionsOutput;
import dev.freeway.s3.api.ListObjectVersionsRequest;
import dev.freeway.s3.api.ObjectVersion;
import dev.freeway.s3.api.Owner;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Store;
import java.util.ArrayList;
import java.util.List;

/// Lists every version, newest first within a key.
final class ListObjectVersions
    implements Handler<ListObjectVersionsRequest, ListObjectVersionsOutput> {
  private static final String END = Character.toString(Character.MAX_CODE_POINT);
  private static final int BATCH = 500;

  private final Store store;
  private final Buckets buckets;
  private final Objects objects;

  ListObjectVersions(Store store, Buckets buckets, Objects objects) {
    this.store = store;
    this.buckets = buckets;
    this.objects = objects;
  }

  private record Entry(StoredObject object, boolean latest) {}

  /// What a page has so far.
  private static final class Found {
    final List<Entry> entries = new ArrayList<>();
    final List<String> prefixes = new ArrayList<>();
    String lastKey = "";
    String lastVersion = "";
    boolean truncated;

    int size() {
      return entries.size() + prefixes.size();
    }
  }

  @Override
  public ListObjectVersionsOutput handle(Call call, ListObjectVersionsRequest in) {
    int max = ListObjects.max(in.maxKeys());
    boolean url = ListObjects.Encoded.asked(in.encodingType());
    Found found = new Found();
    Owner owner =
        store.read(
            tx -> {
              Bucket b = buckets.require(tx, call, in.bucket());
              collect(tx, in, max, found);
              return BucketOperations.owner(b.account());
            });
    return ListObjectVersionsOutput.builder()
        .name(in.bucket())
        .prefix(ListObjects.Encoded.text(ListObjects.or(in.prefix()), url))
        .delimiter(ListObjects.Encoded.text(in.delimiter(), url))
        .encodingType(in.encodingType())
        .maxKeys(max)
        .keyMarker(ListObjects.Encoded.text(ListObjects.or(in.keyMarker()), url))
        .versionIdMarker(ListObjects.or(in.versionIdMarker()))
        .isTruncated(found.truncated)
        .nextKeyMarker(found.truncated ? ListObjects.Encoded.text(found.lastKey, url) : null)
        .nextVersionIdMarker(
            found.truncated && !found.lastVersion.isEmpty() ? found.lastVersion : null)
        .versions(
            found.entries.stream()
                .filter(e -> !e.object.deleteMarker())
                .map(e -> version(e, owner, url))
                .toList())
        .deleteMarkers(
            found.entries.stream()
                .filter(e -> e.object.deleteMarker())
                .map(e -> marker(e, owner, url))
                .toList())
        .commonPrefixes(ListObjects.prefixes(found.prefixes, url))
        .build();
  }

  private void collect(ReadTx tx, ListObjectVersionsRequest in, int max, Found found) {
    String prefix = ListObjects.or(in.prefix());
    String delimiter = ListObjects.or(in.delimiter());
    String marker = ListObjects.or(in.keyMarker());
    boolean possible = ObjectKey.isPossible(prefix) && ObjectKey.isPossible(marker);
    if (max == 0 || !possible) {
      return;
    }
    // A marker of key and version begins within the key.
    if (in.versionIdMarker() != null && !in.versionIdMarker().isEmpty()) {
      boolean[] passed = {false};
      for (Entry e : versions(tx, in.bucket(), marker)) {
        if (passed[0] && !add(found, e, max)) {
          return;
        }
        passed[0] |= e.object.versionId().equals(in.versionIdMarker());
      }
    }
    boolean rolled = !delimiter.isEmpty() && marker.endsWith(delimiter);
    String after = rolled ? marker + END : marker;
    while (true) {
      List<StoredObject> rows = objects.scan(tx, in.bucket(), prefix, after, BATCH);
      String jump = null;
      for (StoredObject o : rows) {
        int at = delimiter.isEmpty() ? -1 : o.key().indexOf(delimiter, prefix.length());
        if (at >= 0) {
          if (found.size() == max) {
            found.truncated = true;
            return;
          }
          String common = o.key().substring(0, at + delimiter.length());
          found.prefixes.add(common);
          found.lastKey = common;
          found.lastVersion = "";
          jump = common + END;
          break;
        }
        for (Entry e : versions(tx, in.bucket(), o.key())) {
          if (!add(found, e, max)) {
            return;
          }
        }
        after = o.key();
      }
      if (jump != null) {
        after = jump;
      } else if (rows.size() < BATCH) {
        return;
      }
    }
  }

  private static boolean add(Found found, Entry e, int max) {
    if (found.size() == max) {
      found.truncated = true;
      return false;
    }
    found.entries.add(e);
    found.lastKey = e.object.key();
    found.lastVersion = e.object.versionId();
    return true;
  }

  private List<Entry> versions(ReadTx tx, String bucket, String key) {
    List<Entry> all = new ArrayList<>();
    objects.latest(tx, bucket, key).ifPresent(o -> all.add(new Entry(o, true)));
    objects.older(tx, bucket, key).forEach(o -> all.add(new Entry(o, false)));
    return all;
  }

  private static ObjectVersion version(Entry e, Owner owner, boolean url) {
    StoredObject o = e.object;
    return ObjectVersion.builder()
        .key(ListObjects.Encoded.text(o.key(), url))
        .versionId(o.versionId())
        .isLatest(e.latest)
        .lastModified(o.modified())
        .eTag(o.quotedEtag())
        .size(o.size())
        .storageClass(o.storageClass())
        .owner(owner)
        .build();
  }

  private static DeleteMarkerEntry marker(Entry e, Owner owner, boolean url) {
    return DeleteMarkerEntry.builder()
        .key(ListObjects.Encoded.text(e.object.key(), url))
        .versionId(e.object.versionId())
        .isLatest(e.latest)
        .lastModified(e.object.modified())
        .owner(owner)
        .build();
  }
}
