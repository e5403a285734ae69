package dev.freeway.codecommit;

import dev.freeway.platform.Event;
import dev.freeway.platform.EventBus;
import dev.freeway.platform.Ids;
import dev.freeway.store.Key;
import dev.freeway.store.Row;
import dev.freeway.store.Store;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.Ref;
import org.jspecify.annotations.Nullable;

/// Tells the world of every change of a branch or tag, exactly once per state that was seen.
///
/// References live in git, outside the store. So a change is announced first (an intent row), then
/// made, and then the references are compared with those last told of; the difference becomes
/// events, in one transaction with the new state told of and without the intent. After a crash
/// between the two, the intents that are left say which repositories to compare: no change goes
/// unnoticed, and changes that followed each other in the same instant may be told of as one.
final class RefEvents {
  private static final Table<Told> TOLD = new Table<>("codecommit_refs", Told.class);
  private static final Table<Intent> INTENTS = new Table<>("codecommit_intents", Intent.class);

  private final Store store;
  private final EventBus bus;
  private final InstantSource clock;
  private final Repositories repositories;
  private final GitFolders folders;
  private final FollowBranches pulls;
  private final Triggers triggers;
  private final ConcurrentHashMap<String, ReentrantLock> locks = new ConcurrentHashMap<>();

  record Told(String commit) {}

  record Intent(String account, String region, String repositoryId, String caller) {}

  RefEvents(
      Store store,
      EventBus bus,
      InstantSource clock,
      Repositories repositories,
      GitFolders folders,
      FollowBranches pulls,
      Triggers triggers) {
    this.store = store;
    this.bus = bus;
    this.clock = clock;
    this.repositories = repositories;
    this.folders = folders;
    this.pulls = pulls;
    this.triggers = triggers;
  }

  /// Runs what must not miss a change of a reference: what changes meanwhile is told of after it.
  <R> R locked(Repository r, Supplier<R> work) {
    ReentrantLock lock = lock(r);
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  private ReentrantLock lock(Repository r) {
    return locks.computeIfAbsent(r.id(), id -> new ReentrantLock());
  }

  /// Runs what may change references, and tells of what it changed, whether it succeeds or not.
  ///
  /// @param caller the ARN of who does it
  <R> R around(Repository r, String caller, Supplier<R> change) {
    String intent = Key.of(r.id(), Ids.uuid());
    store.update(
        tx -> tx.put(INTENTS, intent, new Intent(r.account(), r.region(), r.id(), caller)));
    try {
      return change.get();
    } finally {
      tell(r, caller, intent);
    }
  }

  /// After a crash: what was begun and not told of.
  void recover() {
    for (Row<Intent> row : store.read(tx -> tx.scan(INTENTS, ""))) {
      Intent i = row.value();
      var scope = new dev.freeway.platform.Scope(i.account(), i.region());
      Optional<Repository> r = store.read(tx -> repositories.byId(tx, scope, i.repositoryId()));
      if (r.isPresent()) {
        folders.unlock(r.get());
        tell(r.get(), i.caller(), row.key());
      } else {
        store.update(tx -> tx.delete(INTENTS, row.key()));
      }
    }
  }

  private void tell(Repository r, String caller, String intent) {
    ReentrantLock lock = lock(r);
    lock.lock();
    try (var git = folders.open(r)) {
      Map<String, String> now = references(git);
      var open = store.read(tx -> pulls.open(tx, r));
      var seen = FollowBranches.look(open, git, now);
      String head =
          store.write(
              tx -> {
                tx.delete(INTENTS, intent);
                return tell(tx, r, caller, now, seen);
              });
      if (head != null) {
        folders.head(git, head);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Returns the branch that has become the default one.
  private @Nullable String tell(
      Tx tx,
      Repository given,
      String caller,
      Map<String, String> now,
      List<FollowBranches.Seen> seen) {
    // Its name may have changed, and it may be gone.
    Optional<Repository> found = repositories.byId(tx, given.scope(), given.id());
    if (found.isEmpty()) {
      return null;
    }
    Repository r = found.get();
    Map<String, String> before = new HashMap<>();
    for (Row<Told> row : tx.scan(TOLD, Key.prefix(r.id()))) {
      before.put(Key.parts(row.key())[1], row.value().commit());
    }
    boolean changed = false;
    for (var e : now.entrySet()) {
      String old = before.remove(e.getKey());
      if (!e.getValue().equals(old)) {
        tx.put(TOLD, Key.of(r.id(), e.getKey()), new Told(e.getValue()));
        publish(tx, r, caller, e.getKey(), e.getValue(), old);
        changed = true;
      }
    }
    for (var gone : new TreeMap<>(before).entrySet()) {
      tx.delete(TOLD, Key.of(r.id(), gone.getKey()));
      publish(tx, r, caller, gone.getKey(), null, gone.getValue());
      changed = true;
    }
    pulls.follow(tx, r, caller, seen, clock.instant());
    if (!changed) {
      return null;
    }
    String first = r.defaultBranch() == null ? firstBranch(now) : null;
    repositories.save(
        tx,
        first == null ? r.touched(clock.instant()) : r.withDefaultBranch(first, clock.instant()));
    return first;
  }

  private static @Nullable String firstBranch(Map<String, String> refs) {
    List<String> branches =
        refs.keySet().stream().filter(n -> n.startsWith(Constants.R_HEADS)).sorted().toList();
    for (String usual : List.of("main", "master")) {
      if (branches.contains(Constants.R_HEADS + usual)) {
        return usual;
      }
    }
    return branches.isEmpty() ? null : branches.getFirst().substring(Constants.R_HEADS.length());
  }

  static Map<String, String> references(org.eclipse.jgit.lib.Repository git) {
    try {
      Map<String, String> all = new TreeMap<>();
      List<Ref> refs = new ArrayList<>(git.getRefDatabase().getRefsByPrefix(Constants.R_HEADS));
      refs.addAll(git.getRefDatabase().getRefsByPrefix(Constants.R_TAGS));
      for (Ref ref : refs) {
        if (ref.getObjectId() != null) {
          all.put(ref.getName(), ref.getObjectId().name());
        }
      }
      return all;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void publish(
      Tx tx,
      Repository r,
      String caller,
      String reference,
      @Nullable String commit,
      @Nullable String old) {
    triggers.changed(
        tx, r, caller, new Triggers.Change(reference, commit, old == null), clock.instant());
    boolean branch = reference.startsWith(Constants.R_HEADS);
    Map<String, Object> detail = new LinkedHashMap<>();
    detail.put(
        "event",
        old == null
            ? "referenceCreated"
            : commit == null ? "referenceDeleted" : "referenceUpdated");
    detail.put("repositoryName", r.name());
    detail.put("repositoryId", r.id());
    detail.put("referenceType", branch ? "branch" : "tag");
    detail.put(
        "referenceName",
        reference.substring((branch ? Constants.R_HEADS : Constants.R_TAGS).length()));
    detail.put("referenceFullName", reference);
    if (commit != null) {
      detail.put("commitId", commit);
    }
    if (old != null) {
      detail.put("oldCommitId", old);
    }
    detail.put("callerUserArn", caller);
    bus.publish(
        tx,
        Event.of(
            r.scope(),
            clock.instant(),
            "aws.codecommit",
            "CodeCommit Repository State Change",
            List.of(r.arn()),
            detail));
  }

  void forget(Tx tx, Repository r) {
    tx.deletePrefix(TOLD, Key.prefix(r.id()));
    tx.deletePrefix(INTENTS, Key.prefix(r.id()));
  }
}
