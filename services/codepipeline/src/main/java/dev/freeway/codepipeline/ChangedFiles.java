package dev.freeway.codepipeline;

import dev.freeway.codepipeline.uses.codecommit.CodecommitApi;
import dev.freeway.codepipeline.uses.codecommit.Difference;
import dev.freeway.codepipeline.uses.codecommit.GetDifferencesInput;
import dev.freeway.codepipeline.uses.codecommit.GetDifferencesOutput;
import dev.freeway.platform.Call;
import dev.freeway.platform.Clients;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The paths that a push changed, a rename under both names; asked for once, when first needed. Of
/// a new branch: every file, as nothing tells what it grew from.
final class ChangedFiles implements Supplier<Set<String>> {
  private final Clients clients;
  private final Call call;
  private final String repository;
  private final @Nullable String before;
  private final String after;
  private @Nullable Set<String> known;

  ChangedFiles(
      Clients clients, Call call, String repository, @Nullable String before, String after) {
    this.clients = clients;
    this.call = call;
    this.repository = repository;
    this.before = before;
    this.after = after;
  }

  @Override
  public Set<String> get() {
    Set<String> paths = known;
    if (paths == null) {
      paths = ask();
      known = paths;
    }
    return paths;
  }

  private Set<String> ask() {
    Set<String> paths = new LinkedHashSet<>();
    String token = null;
    do {
      var ask =
          GetDifferencesInput.builder()
              .repositoryName(repository)
              .beforeCommitSpecifier(before)
              .afterCommitSpecifier(after)
              .nextToken(token)
              .build();
      GetDifferencesOutput page = clients.call(call, CodecommitApi.GET_DIFFERENCES, ask);
      if (page.differences() != null) {
        page.differences().forEach(d -> add(paths, d));
      }
      token = page.nextToken();
    } while (token != null);
    return paths;
  }

  private static void add(Set<String> paths, Difference d) {
    if (d.beforeBlob() != null && d.beforeBlob().path() != null) {
      paths.add(d.beforeBlob().path());
    }
    if (d.afterBlob() != null && d.afterBlob().path() != null) {
      paths.add(d.afterBlob().path());
    }
  }
}
