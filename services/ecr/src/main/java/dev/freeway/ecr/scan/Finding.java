package dev.freeway.ecr.scan;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A package of an image that an advisory is about.
///
/// @param name `CVE-…` where it has one, else the advisory's id
/// @param score of the vector, 0.0 to 10.0
/// @param fixedIn the first version without it; empty when none is known
/// @param published and modified as the advisory has them, RFC 3339; may be empty
public record Finding(
    String name,
    String advisory,
    List<String> related,
    String title,
    String description,
    List<String> urls,
    Severity severity,
    @Nullable Double score,
    String vector,
    String vectorVersion,
    String published,
    String modified,
    String fixedIn,
    FoundPackage in) {

  static Finding of(
      Advisory advisory, Advisory.Affected affected, FoundPackage in, String fixedIn) {
    String vector = affected.vector().isEmpty() ? advisory.vector() : affected.vector();
    String word = affected.word().isEmpty() ? advisory.word() : affected.word();
    Double score = vector.isEmpty() ? null : Cvss.score(vector).orElse(null);
    String name = advisory.name();
    return new Finding(
        name,
        advisory.id(),
        advisory.names().stream().filter(n -> !n.equals(name)).toList(),
        name + " - " + in.name(),
        advisory.summary().isEmpty() ? advisory.details() : advisory.summary(),
        advisory.urls(),
        score == null ? Severity.of(word) : Severity.of(score),
        score,
        vector,
        vector.isEmpty() ? "" : Cvss.version(vector),
        advisory.published(),
        advisory.modified(),
        fixedIn,
        in);
  }
}
