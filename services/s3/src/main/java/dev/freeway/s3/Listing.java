package dev.freeway.s3;

import dev.freeway.store.ReadTx;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A page of a bucket's keys, those with a common prefix rolled up into it.
///
/// @param last the last key or prefix of the page: where the next begins
record Listing(
    List<StoredObject> objects, List<String> prefixes, boolean truncated, @Nullable String last) {
  // Sorts after every character a key may have.
  private static final String END = Character.toString(Character.MAX_CODE_POINT);
  private static final int FIRST_BATCH = 64;
  private static final int BATCH = 1000;

  /// @param after a key or a prefix that came before, or empty
  /// @param max of keys and prefixes together
  static Listing of(
      Objects objects,
      ReadTx tx,
      String bucket,
      String prefix,
      String delimiter,
      String after,
      int max) {
    if (max == 0 || !ObjectKey.isPossible(prefix) || !ObjectKey.isPossible(after)) {
      return new Listing(List.of(), List.of(), false, null);
    }
    return new Walk(objects, tx, bucket, prefix, delimiter, max).from(after);
  }

  private static final class Walk {
    private final Objects objects;
    private final ReadTx tx;
    private final String bucket;
    private final String prefix;
    private final String delimiter;
    private final int max;
    private final List<StoredObject> found = new ArrayList<>();
    private final List<String> prefixes = new ArrayList<>();
    private @Nullable String last;

    Walk(Objects objects, ReadTx tx, String bucket, String prefix, String delimiter, int max) {
      this.objects = objects;
      this.tx = tx;
      this.bucket = bucket;
      this.prefix = prefix;
      this.delimiter = delimiter;
      this.max = max;
    }

    Listing from(String start) {
      String rolled = common(start);
      String after = start.equals(rolled) ? start + END : start;
      int batch = delimiter.isEmpty() ? Math.min(max + 1, BATCH) : FIRST_BATCH;
      while (true) {
        List<StoredObject> rows = objects.scan(tx, bucket, prefix, after, batch);
        String jump = null;
        for (StoredObject o : rows) {
          if (o.deleteMarker()) {
            after = o.key();
            continue;
          }
          if (found.size() + prefixes.size() == max) {
            return new Listing(found, prefixes, true, last);
          }
          String common = common(o.key());
          if (common != null) {
            prefixes.add(common);
            last = common;
            jump = common + END;
            break;
          }
          found.add(o);
          last = o.key();
          after = o.key();
        }
        if (jump != null) {
          after = jump;
          continue;
        }
        if (rows.size() < batch) {
          return new Listing(found, prefixes, false, last);
        }
        batch = BATCH;
      }
    }

    private @Nullable String common(String key) {
      if (delimiter.isEmpty() || !key.startsWith(prefix)) {
        return null;
      }
      int at = key.indexOf(delimiter, prefix.length());
      return at < 0 ? null : key.substring(0, at + delimiter.length());
    }
  }
}
