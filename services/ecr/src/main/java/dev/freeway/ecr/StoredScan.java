package dev.freeway.ecr;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The last scan of an image.
///
/// @param status ECR's ScanStatus
/// @param enhanced whether its findings are told in Inspector's form
/// @param first when the image was first scanned
/// @param sourceUpdatedAt when the newest advisory was changed
/// @param counts of findings by severity
record StoredScan(
    String digest,
    String status,
    String description,
    boolean enhanced,
    Instant first,
    @Nullable Instant completedAt,
    @Nullable Instant sourceUpdatedAt,
    Map<String, Integer> counts) {

  StoredScan {
    counts = counts == null ? Map.of() : counts;
  }

  boolean hasFindings() {
    return completedAt != null && (status.equals("COMPLETE") || status.equals("ACTIVE"));
  }
}
