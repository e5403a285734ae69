package dev.freeway.codecommit;

import dev.freeway.platform.Scope;
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
    @Nullable Landing merged) {

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
    return new Pull(origin, other, description, at, open, ends, revision, rules, merging, merged);
  }

  Pull described(@Nullable String other, Instant at) {
    return new Pull(origin, title, other, at, open, ends, revision, rules, merging, merged);
  }

  Pull closed(Instant at) {
    return new Pull(origin, title, description, at, false, ends, revision, rules, null, merged);
  }

  Pull merged(Landing how, Instant at) {
    return new Pull(origin, title, description, at, false, ends, revision, rules, null, how);
  }

  Pull merging(@Nullable Landing how) {
    return new Pull(origin, title, description, active, open, ends, revision, rules, how, merged);
  }

  Pull revised(Ends now, String other, Instant at) {
    return new Pull(origin, title, description, at, open, now, other, rules, merging, merged);
  }

  Pull withEnds(Ends now) {
    return new Pull(
        origin, title, description, active, open, now, revision, rules, merging, merged);
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
