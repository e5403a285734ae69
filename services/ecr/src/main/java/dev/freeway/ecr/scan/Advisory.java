package dev.freeway.ecr.scan;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// A document in OSV format (https://ossf.github.io/osv-schema/), as far as a scan needs it.
///
/// @param names its own and those others gave it: `CVE-2021-44228`
/// @param vector CVSS, empty when it has none that a score is known for
/// @param word severity in the database's words, empty when it gives none
record Advisory(
    String id,
    List<String> names,
    String summary,
    String details,
    String published,
    String modified,
    List<String> urls,
    String vector,
    String word,
    List<Affected> affected) {

  /// @param version one that an event is about
  /// @param kind introduced, fixed, last_affected or limit
  record Event(String kind, String version) {}

  /// @param versions affected ones, one by one
  /// @param ranges affected ones, by events
  record Affected(
      String ecosystem,
      String name,
      List<String> versions,
      List<List<Event>> ranges,
      String vector,
      String word) {}

  /// Empty when it was withdrawn, or is no such document.
  static Optional<Advisory> of(JsonNode json) {
    String id = json.path("id").asString("");
    if (id.isEmpty() || !json.path("withdrawn").asString("").isEmpty()) {
      return Optional.empty();
    }
    List<String> names = new ArrayList<>(List.of(id));
    json.path("aliases").forEach(a -> names.add(a.asString("")));
    json.path("upstream").forEach(a -> names.add(a.asString("")));
    List<String> urls = new ArrayList<>();
    json.path("references").forEach(r -> urls.add(r.path("url").asString("")));
    List<Affected> affected = new ArrayList<>();
    json.path("affected").forEach(a -> affected.add(affected(a)));
    return Optional.of(
        new Advisory(
            id,
            names,
            json.path("summary").asString(""),
            json.path("details").asString(""),
            json.path("published").asString(""),
            json.path("modified").asString(""),
            urls,
            vector(json.path("severity")),
            word(json),
            affected));
  }

  private static Affected affected(JsonNode a) {
    List<String> versions = new ArrayList<>();
    a.path("versions").forEach(v -> versions.add(v.asString("")));
    List<List<Event>> ranges = new ArrayList<>();
    for (JsonNode range : a.path("ranges")) {
      // Commits say nothing of a package's version.
      if (!range.path("type").asString("").equals("GIT")) {
        List<Event> events = new ArrayList<>();
        for (JsonNode e : range.path("events")) {
          e.properties().forEach(p -> events.add(new Event(p.getKey(), p.getValue().asString(""))));
        }
        ranges.add(events);
      }
    }
    String ecosystem = a.path("package").path("ecosystem").asString("");
    String name = a.path("package").path("name").asString("");
    return new Affected(
        ecosystem,
        ecosystem.equals("PyPI") ? PythonReader.normal(name) : name,
        versions,
        ranges,
        vector(a.path("severity")),
        word(a));
  }

  private static String vector(JsonNode severities) {
    String best = "";
    for (JsonNode s : severities) {
      String score = s.path("score").asString("");
      boolean known =
          s.path("type").asString("").startsWith("CVSS_") && Cvss.score(score).isPresent();
      if (known && (best.isEmpty() || score.startsWith("CVSS:3"))) {
        best = score;
      }
    }
    return best;
  }

  private static String word(JsonNode json) {
    for (String place : List.of("database_specific", "ecosystem_specific")) {
      for (String field : List.of("severity", "urgency")) {
        String word = json.path(place).path(field).asString("");
        if (!word.isEmpty()) {
          return word.toUpperCase(Locale.ROOT);
        }
      }
    }
    for (JsonNode s : json.path("severity")) {
      if (s.path("score").asString("").matches("[A-Za-z]+")) {
        return s.path("score").asString("").toUpperCase(Locale.ROOT);
      }
    }
    return "";
  }

  /// The name people know it by.
  String name() {
    return names.stream()
        .filter(n -> n.startsWith("CVE-"))
        .findFirst()
        .orElseGet(
            () ->
                names.stream()
                    .map(n -> n.replaceFirst("^(UBUNTU|DEBIAN|ALPINE)-(?=CVE-)", ""))
                    .filter(n -> n.startsWith("CVE-"))
                    .findFirst()
                    .orElse(id));
  }
}
