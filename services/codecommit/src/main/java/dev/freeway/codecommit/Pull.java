package dev.freeway.codecommit;

import dev.freeway.platform.Scope;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A pull request: one branch that asks to be merged into another of its repository.
///
/// @param active when it last changed
/// @param revision new with each commit that comes to the source branch; approvals are of a
///   revision
/// @param merging a merge that has begun; the branch has moved if the destination has its commit
@RecordBuilder
record Pull(
    Origin origin,
    String title,
    @Nullable String description,
    Instant active,
    boolean open,
    Ends ends,
    String revision,
    List<Rule> rules,
    @Nullable Landing merging,
    @Nullable Landing merged)
    implements PullBuilder.With {

  /// What never changes.
  ///
  /// @param token the client's, of its creation
  record Origin(
      long number,
      String account,
      String region,
      String repositoryId,
      String author,
      Instant created,
      @Nullable String token) {}

  /// Both branches by their full names, and their tips.
  ///
  /// @param base null where they have no commit in common
  record Ends(
      String source,
      String destination,
      String sourceCommit,
      String destinationCommit,
      @Nullable String base) {
    Ends at(String from, String into, @Nullable String common) {
      return new Ends(source, destination, from, into, common);
    }
  }

  /// How it was merged.
  ///
  /// @param option FAST_FORWARD_MERGE, SQUASH_MERGE or THREE_WAY_MERGE
  /// @param by the ARN of who did it
  record Landing(String option, String commit, String by) {}

  Pull {
    rules = rules == null ? List.of() : List.copyOf(rules);
  }

  String id() {
    return Long.toString(origin.number());
  }

  Scope scope() {
    return new Scope(origin.account(), origin.region());
  }

  String status() {
    return open ? "OPEN" : "CLOSED";
  }

  Optional<Rule> rule(String name) {
    return rules.stream().filter(r -> r.name().equals(name)).findFirst();
  }

  Pull titled(String other, Instant at) {
    return with().title(other).active(at).build();
  }

  Pull described(@Nullable String other, Instant at) {
    return with().description(other).active(at).build();
  }

  Pull closed(Instant at) {
    return with().active(at).open(false).merging(null).build();
  }

  Pull merged(Landing how, Instant at) {
    return with().active(at).open(false).merging(null).merged(how).build();
  }

  Pull merging(@Nullable Landing how) {
    return withMerging(how);
  }

  Pull revised(Ends now, String other, Instant at) {
    return with().active(at).ends(now).revision(other).build();
  }

  Pull withRule(Rule rule, Instant at) {
    List<Rule> all = new ArrayList<>(rules);
    all.removeIf(r -> r.name().equals(rule.name()));
    all.add(rule);
    return new Pull(origin, title, description, at, open, ends, revision, all, merging, merged);
  }

  Pull withoutRule(Rule rule, Instant at) {
    List<Rule> rest = rules.stream().filter(r -> !r.equals(rule)).toList();
    return new Pull(origin, title, description, at, open, ends, revision, rest, merging, merged);
  }

  Pull touched(Instant at) {
    return titled(title, at);
  }
}
