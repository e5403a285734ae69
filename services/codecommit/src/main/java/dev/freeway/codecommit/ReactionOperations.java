package dev.freeway.codecommit;

import dev.freeway.codecommit.api.CodecommitErrors;
import dev.freeway.codecommit.api.GetCommentReactionsInput;
import dev.freeway.codecommit.api.GetCommentReactionsOutput;
import dev.freeway.codecommit.api.PutCommentReactionInput;
import dev.freeway.codecommit.api.ReactionForComment;
import dev.freeway.platform.Call;
import dev.freeway.platform.Page;
import dev.freeway.store.Store;
import dev.freeway.wire.Structure;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Reactions to comments: one a user, another replaces it.
final class ReactionOperations {
  private static final int PAGE = 1000;

  private final Store store;
  private final Remarks remarks;

  ReactionOperations(Store store, Remarks remarks) {
    this.store = store;
    this.remarks = remarks;
  }

  Structure.Empty put(Call call, PutCommentReactionInput in) {
    Optional<Reaction> reaction = Reaction.of(in.reactionValue());
    if (reaction.isEmpty() && !in.reactionValue().isBlank() && !in.reactionValue().equals("none")) {
      throw CodecommitErrors.invalidReactionValueException(
          "The value of the reaction is not valid. For more information, see the AWS CodeCommit User Guide.");
    }
    store.update(
        tx -> {
          Remark c = remarks.requireThere(tx, call, in.commentId());
          Map<String, Reaction> all = new TreeMap<>(c.reactions());
          all.remove(call.principal().arn());
          reaction.ifPresent(r -> all.put(call.principal().arn(), r));
          remarks.save(tx, call, c.with(all));
        });
    return new Structure.Empty();
  }

  GetCommentReactionsOutput get(Call call, GetCommentReactionsInput in) {
    Remark c = store.read(tx -> remarks.requireThere(tx, call, in.commentId()));
    Map<Reaction, List<String>> users =
        c.reactions().entrySet().stream()
            .filter(e -> in.reactionUserArn() == null || in.reactionUserArn().equals(e.getKey()))
            .collect(
                Collectors.groupingBy(
                    Map.Entry::getValue,
                    TreeMap::new,
                    Collectors.mapping(Map.Entry::getKey, Collectors.toList())));
    List<ReactionForComment> all =
        users.entrySet().stream()
            .map(e -> new ReactionForComment(e.getKey().formats(), e.getValue(), 0))
            .toList();
    var page =
        Page.of(
            all,
            r -> r.reaction().shortCode(),
            in.nextToken(),
            in.maxResults(),
            PAGE,
            CodecommitErrors.invalidContinuationTokenException(
                "The specified continuation token is not valid."));
    return new GetCommentReactionsOutput(page.items(), page.nextToken());
  }
}
