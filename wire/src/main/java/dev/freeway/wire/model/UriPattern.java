package dev.freeway.wire.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The `requestUri` of a REST operation: path segments with labels, and the query literals it
/// needs.
///
/// @param segments in order; a greedy label (`{Key+}`) takes one or more segments
/// @param query literals after `?`; the value is empty for a bare key
public record UriPattern(List<Segment> segments, Map<String, String> query) {
  public record Segment(String text, boolean label, boolean greedy) {}

  static UriPattern parse(String requestUri) {
    int q = requestUri.indexOf('?');
    String path = q < 0 ? requestUri : requestUri.substring(0, q);
    List<Segment> segments = new ArrayList<>();
    for (String part : path.split("/")) {
      if (part.isEmpty()) {
        continue;
      }
      boolean label = part.startsWith("{") && part.endsWith("}");
      boolean greedy = label && part.endsWith("+}");
      String text = label ? part.substring(1, part.length() - (greedy ? 2 : 1)) : part;
      segments.add(new Segment(text, label, greedy));
    }
    Map<String, String> query = new java.util.LinkedHashMap<>();
    if (q >= 0) {
      for (String pair : requestUri.substring(q + 1).split("&")) {
        int eq = pair.indexOf('=');
        String key = eq < 0 ? pair : pair.substring(0, eq);
        // x-id only names the operation for routers that cannot tell otherwise; most clients leave
        // it out.
        if (!key.equals("x-id") && !key.isEmpty()) {
          query.put(key, eq < 0 ? "" : pair.substring(eq + 1));
        }
      }
    }
    return new UriPattern(List.copyOf(segments), java.util.Collections.unmodifiableMap(query));
  }

  /// The labels of a raw (still percent-encoded) path, or null when the path does not fit.
  public @Nullable Map<String, String> match(String rawPath) {
    String path = rawPath.startsWith("/") ? rawPath.substring(1) : rawPath;
    Map<String, String> labels = new java.util.HashMap<>();
    return match(path, 0, 0, labels) ? labels : null;
  }

  private boolean match(String path, int from, int index, Map<String, String> labels) {
    if (index == segments.size()) {
      // A trailing slash names the same resource: /bucket/ is /bucket.
      return from >= path.length();
    }
    if (from > path.length() || from == path.length()) {
      return false;
    }
    Segment segment = segments.get(index);
    if (segment.greedy()) {
      int tail = segments.size() - index - 1;
      int end = path.length();
      for (int i = 0; i < tail; i++) {
        end = path.lastIndexOf('/', end - 1);
        if (end <= from) {
          return false;
        }
      }
      labels.put(segment.text(), path.substring(from, end));
      return match(path, end + (tail == 0 ? 0 : 1), index + 1, labels);
    }
    int slash = path.indexOf('/', from);
    int end = slash < 0 ? path.length() : slash;
    String part = path.substring(from, end);
    if (segment.label()) {
      if (part.isEmpty()) {
        return false;
      }
      labels.put(segment.text(), part);
    } else if (!segment.text().equals(part)) {
      return false;
    }
    return match(path, slash < 0 ? end : end + 1, index + 1, labels);
  }
}
