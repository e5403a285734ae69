package dev.freeway.ecr.scan;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/// Matches the packages of an image with advisories.
public final class Scan {
  private Scan() {}

  /// How it went. Only [Complete] says something of what was found.
  public sealed interface Result {
    /// @param note what the findings leave out; empty when they are all
    /// @param modified when the newest advisory was changed, RFC 3339; may be empty
    record Complete(List<Finding> findings, String note, String modified) implements Result {}

    /// Nothing in the image says what it is made of.
    record Unsupported(String why) implements Result {}

    /// Nothing can be said.
    record Failed(String why) implements Result {}
  }

  public static Result run(Inventory.Contents image, AdvisorySource source) throws IOException {
    if (image.packages().isEmpty()) {
      return new Result.Unsupported(
          "UnsupportedImageError: The operating system and/or package manager are not supported."
              + notes(image.troubles()));
    }
    Search search = new Search(image.packages());
    source.each(search::take);
    if (search.seen == 0) {
      return new Result.Failed(
          "No advisories: nothing can be said of the image's %d packages. Put documents in OSV format into %s."
              .formatted(image.packages().size(), source.place()));
    }
    List<String> notes = new ArrayList<>(search.unknown());
    notes.addAll(image.troubles());
    return new Result.Complete(search.findings(), notes(notes).strip(), search.modified);
  }

  private static String notes(Collection<String> notes) {
    return notes.isEmpty() ? "" : " " + String.join("; ", notes);
  }

  private static final class Search {
    private final Map<String, List<FoundPackage>> byName = new HashMap<>();
    private final List<FoundPackage> packages;
    private final TreeSet<String> ecosystems = new TreeSet<>();
    private final Map<List<String>, Finding> found = new LinkedHashMap<>();
    private int seen;
    private String modified = "";

    Search(List<FoundPackage> packages) {
      this.packages = packages;
      for (FoundPackage p : packages) {
        p.names().forEach(n -> byName.computeIfAbsent(n, x -> new ArrayList<>()).add(p));
      }
    }

    void take(JsonNode json) {
      Advisory advisory = Advisory.of(json).orElse(null);
      if (advisory == null) {
        return;
      }
      seen++;
      if (advisory.modified().compareTo(modified) > 0) {
        modified = advisory.modified();
      }
      for (Advisory.Affected affected : advisory.affected()) {
        ecosystems.add(affected.ecosystem());
        for (FoundPackage p : byName.getOrDefault(affected.name(), List.of())) {
          if (Distribution.covers(affected.ecosystem(), p.ecosystem())) {
            Affects.affects(affected, p.comparedVersion())
                .ifPresent(v -> add(Finding.of(advisory, affected, p, v.fixedIn())));
          }
        }
      }
    }

    /// Databases tell of the same vulnerability under names of their own: the one that knows its
    /// severity stays.
    private void add(Finding f) {
      found.merge(
          List.of(f.name(), f.in().ecosystem(), f.in().name(), f.in().version(), f.in().path()),
          f,
          (a, b) -> b.severity().compareTo(a.severity()) < 0 ? b : a);
    }

    List<Finding> findings() {
      return found.values().stream()
          .sorted(
              Comparator.comparing(Finding::severity)
                  .thenComparing(Finding::name)
                  .thenComparing(f -> f.in().name())
                  .thenComparing(f -> f.in().path()))
          .toList();
    }

    /// Of which packages nothing can be said, in sentences.
    List<String> unknown() {
      Map<String, Integer> counts = new TreeMap<>();
      for (FoundPackage p : packages) {
        boolean covered = ecosystems.stream().anyMatch(e -> Distribution.covers(e, p.ecosystem()));
        if (!covered) {
          counts.merge(p.ecosystem(), 1, Integer::sum);
        }
      }
      return counts.entrySet().stream()
          .map(
              e ->
                  Optional.of(e.getKey())
                          .filter(String::isEmpty)
                          .map(x -> "no advisories are known for the image's distribution")
                          .orElse("no advisories for " + e.getKey())
                      + " ("
                      + e.getValue()
                      + (e.getValue() == 1 ? " package)" : " packages)"))
          .toList();
    }
  }
}
