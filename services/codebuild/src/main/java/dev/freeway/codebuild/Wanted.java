package dev.freeway.codebuild;

import dev.freeway.codebuild.Buildspec.Artifacts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a buildspec wants of a build's end: texts whose variables only its shell knows, and places
/// outside the sources whose files must be copied out.
///
/// @param texts as written
/// @param places absolute paths without wildcards; may hold variables
record Wanted(Set<String> texts, Set<String> places) {

  static Wanted of(Buildspec spec, boolean cacheIsCopied) {
    Wanted wanted = new Wanted(new LinkedHashSet<>(), new LinkedHashSet<>());
    List<Artifacts> all = new ArrayList<>(spec.secondaryArtifacts().values());
    if (spec.artifacts() != null) {
      all.add(spec.artifacts());
    }
    for (Artifacts a : all) {
      wanted.text(a.name());
      wanted.text(a.s3Prefix());
      wanted.files(a.baseDirectory(), a.files());
      a.exclude().forEach(wanted::text);
    }
    spec.reports().values().forEach(r -> wanted.files(r.baseDirectory(), r.files()));
    if (cacheIsCopied) {
      wanted.files(null, spec.cache().paths());
    }
    return wanted;
  }

  private void text(@Nullable String text) {
    if (text != null && (text.contains("$") || text.contains("`"))) {
      texts.add(text);
    }
  }

  private void files(@Nullable String base, List<String> patterns) {
    text(base);
    for (String p : patterns) {
      text(p);
      String whole = rooted(p) || base == null ? p : base + "/" + p;
      if (rooted(whole)) {
        String place = Globs.fixed(whole.startsWith("~/") ? "/root" + whole.substring(1) : whole);
        boolean source =
            place.startsWith("/") && Path.of(place).startsWith(Workspace.SOURCE_INSIDE);
        if (place.length() > 1 && !source) {
          places.add(place);
        }
      }
    }
  }

  private static boolean rooted(String path) {
    return path.startsWith("/") || path.startsWith("~/") || path.startsWith("$");
  }
}
