package dev.freeway.codecommit;

import dev.freeway.platform.Ids;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Tx;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.revwalk.RevWalk;
import org.jspecify.annotations.Nullable;

/// Open pull requests follow their branches: commits that came to the source, a destination that
/// moved on or now has the merge, a branch that is gone.
final class FollowBranches {
  private final Pulls pulls;
  private final PullEvents events;

  FollowBranches(Pulls pulls, PullEvents events) {
    this.pulls = pulls;
    this.events = events;
  }

  /// What git says of one pull request's branches.
  ///
  /// @param source its tip; null where it is gone
  /// @param landed whether the destination has the commit of the merge that had begun
  record Seen(
      long number,
      @Nullable String source,
      @Nullable String destination,
      @Nullable String base,
      boolean landed) {}

  List<Pull> open(ReadTx tx, Repository r) {
    return pulls.of(tx, r, "OPEN");
  }

  /// Looks outside the transaction what [#follow] writes in it.
  ///
  /// @param references all there are, by full name
  static List<Seen> look(
      List<Pull> open, org.eclipse.jgit.lib.Repository git, Map<String, String> references) {
    List<Seen> all = new ArrayList<>();
    for (Pull p : open) {
      String source = references.get(p.ends().source());
      String destination = references.get(p.ends().destination());
      boolean same =
          p.ends().sourceCommit().equals(source)
              && p.ends().destinationCommit().equals(destination)
              && p.merging() == null;
      if (!same) {
        all.add(Git.io(() -> seen(git, p, source, destination)));
      }
    }
    return all;
  }

  private static Seen seen(
      org.eclipse.jgit.lib.Repository git,
      Pull p,
      @Nullable String source,
      @Nullable String destination)
      throws IOException {
    if (source == null || destination == null) {
      return new Seen(p.origin().number(), source, destination, null, false);
    }
    try (RevWalk walk = new RevWalk(git)) {
      var from = walk.parseCommit(ObjectId.fromString(source));
      var into = walk.parseCommit(ObjectId.fromString(destination));
      var base = Merge.base(git, from, into);
      Pull.Landing merging = p.merging();
      boolean landed =
          merging != null
              && walk.isMergedInto(walk.parseCommit(ObjectId.fromString(merging.commit())), into);
      String common = base == null ? null : base.name();
      return new Seen(p.origin().number(), source, destination, common, landed);
    }
  }

  void follow(Tx tx, Repository r, String caller, List<Seen> all, Instant at) {
    for (Seen seen : all) {
      pulls
          .find(tx, r.scope(), seen.number())
          .filter(Pull::open)
          .ifPresent(p -> follow(tx, r, caller, p, seen, at));
    }
  }

  private void follow(Tx tx, Repository r, String caller, Pull given, Seen seen, Instant at) {
    Pull p = given;
    Pull.Landing merging = p.merging();
    if (merging != null && seen.landed()) {
      // First: its branches may be gone or have moved since.
      merged(tx, r, p, merging, at);
      return;
    }
    if (seen.source() == null || seen.destination() == null) {
      Pull closed = p.closed(at);
      pulls.save(tx, closed);
      events.closed(tx, r, closed, caller);
      return;
    }
    boolean moved = !seen.destination().equals(p.ends().destinationCommit());
    if (!seen.source().equals(p.ends().sourceCommit())) {
      Pull.Ends now = p.ends().at(seen.source(), p.ends().destinationCommit(), seen.base());
      Pull revised = p.revised(now, Ids.hex(64), at);
      events.sourceUpdated(tx, r, p, revised, caller);
      p = revised;
    }
    if (moved && seen.destination().equals(seen.source())) {
      // Someone merged by git and pushed.
      merged(tx, r, p, new Pull.Landing(MergeOperation.FAST_FORWARD, seen.source(), caller), at);
      return;
    }
    Pull.Ends now = p.ends().at(seen.source(), seen.destination(), seen.base());
    pulls.save(tx, p.withEnds(now).merging(null));
  }

  private void merged(Tx tx, Repository r, Pull p, Pull.Landing how, Instant at) {
    Pull done = p.merged(how, at);
    pulls.save(tx, done);
    events.merged(tx, r, done, how);
  }
}
