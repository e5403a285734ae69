package dev.freeway.codecommit;

import dev.freeway.codecommit.api.CodecommitErrors;
import dev.freeway.platform.Call;
import dev.freeway.platform.Event;
import dev.freeway.platform.EventBus;
import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Storage of comments by account, region and id, and by repository in the order they came; tells
/// of them.
final class Remarks {
  private static final Table<Remark> TABLE = new Table<>("codecommit_comments", Remark.class);
  private static final Table<Pointer> INDEX =
      new Table<>("codecommit_comments_by_repository", Pointer.class);

  /// @param key in the other table
  record Pointer(String key) {}

  private final EventBus bus;

  Remarks(EventBus bus) {
    this.bus = bus;
  }

  Remark require(ReadTx tx, Call call, String id) {
    if (!id.matches("[0-9a-f-]{36}:[0-9a-f-]{36}")) {
      throw CodecommitErrors.invalidCommentIdException(
          "The comment ID is not in a valid format. Make sure that you have provided the full comment ID.");
    }
    return tx.get(TABLE, call.key(id))
        .orElseThrow(
            () ->
                CodecommitErrors.commentDoesNotExistException(
                    "No comment exists with the provided ID. Verify that you have used the correct ID, and then try again."));
  }

  Remark requireThere(ReadTx tx, Call call, String id) {
    Remark c = require(tx, call, id);
    if (c.content() == null) {
      throw CodecommitErrors.commentDeletedException(
          "This comment has already been deleted. You cannot edit or delete a deleted comment.");
    }
    return c;
  }

  void add(Tx tx, Call call, Repository r, Remark c) {
    save(tx, call, c);
    String number = Key.number(tx.next("codecommit-comments"));
    tx.put(INDEX, Key.of(r.id(), number), new Pointer(call.key(c.id())));
    publish(tx, call, r, c, "Created");
  }

  void save(Tx tx, Call call, Remark c) {
    tx.put(TABLE, call.key(c.id()), c);
  }

  /// Oldest first.
  List<Remark> of(ReadTx tx, Repository r) {
    return tx.scan(INDEX, Key.prefix(r.id())).stream()
        .map(row -> tx.get(TABLE, row.value().key()).orElseThrow())
        .toList();
  }

  void forget(Tx tx, Repository r) {
    for (Row<Pointer> row : tx.scan(INDEX, Key.prefix(r.id()))) {
      tx.delete(TABLE, row.value().key());
      tx.delete(INDEX, row.key());
    }
  }

  /// @param what Created or Updated
  void publish(Tx tx, Call call, Repository r, Remark c, String what) {
    Remark.Place at = c.place();
    boolean onPull = at.pull() != null;
    Map<String, Object> detail = new LinkedHashMap<>();
    if (at.before() != null) {
      detail.put("beforeCommitId", at.before());
    }
    detail.put("afterCommitId", at.after());
    detail.put("callerUserArn", call.principal().arn());
    detail.put("commentId", c.id());
    detail.put("event", (onPull ? "commentOnPullRequest" : "commentOnCommit") + what);
    if (c.inReplyTo() != null) {
      detail.put("inReplyTo", c.inReplyTo());
    }
    detail.put(
        "notificationBody",
        "A comment event occurred in the following AWS CodeCommit repository: %s. The user %s %s a comment or replied to a comment. The comment was made on the following %s: %s."
            .formatted(
                r.name(),
                call.principal().arn(),
                what.equals("Created") ? "made" : "updated",
                onPull ? "Pull Request" : "comment ID",
                onPull ? at.pull() : c.id()));
    if (onPull) {
      detail.put("pullRequestId", String.valueOf(at.pull()));
    }
    detail.put("repositoryId", r.id());
    detail.put("repositoryName", r.name());
    String type = onPull ? "CodeCommit Comment on Pull Request" : "CodeCommit Comment on Commit";
    bus.publish(
        tx, Event.of(r.scope(), call.at(), "aws.codecommit", type, List.of(r.arn()), detail));
  }
}
