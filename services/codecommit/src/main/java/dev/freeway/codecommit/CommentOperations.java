package dev.freeway.codecommit;

import dev.freeway.codecommit.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Ids;
import dev.freeway.platform.Page;
import dev.freeway.store.Store;
import dev.freeway.store.Tx;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.eclipse.jgit.revwalk.RevCommit;
import org.jspecify.annotations.Nullable;

/// Comments on pull requests and comparisons, and replies to them.
final class CommentOperations {
  private static final int PAGE = 100;
  private static final int LONGEST = 10_240;
  private static final String TOKEN = "comment";

  private final Store store;
  private final Repositories repositories;
  private final GitFolders folders;
  private final Pulls pulls;
  private final Remarks remarks;
  private final Tokens tokens;

  CommentOperations(
      Store store,
      Repositories repositories,
      GitFolders folders,
      Pulls pulls,
      Remarks remarks,
      Tokens tokens) {
    this.store = store;
    this.repositories = repositories;
    this.folders = folders;
    this.pulls = pulls;
    this.remarks = remarks;
    this.tokens = tokens;
  }

  PostCommentForPullRequestOutput onPull(Call call, PostCommentForPullRequestInput in) {
    check(in.content());
    try (Git git = Git.open(store, repositories, folders, call, in.repositoryName())) {
      Pull p = store.read(tx -> pulls.require(tx, call, in.pullRequestId()));
      checkRepository(p, git.repository());
      var place = place(git, p, in.beforeCommitId(), in.afterCommitId(), in.location());
      Remark made = post(call, place, null, in.content(), in.clientRequestToken(), in.toString());
      Remark.Place at = made.place();
      return PostCommentForPullRequestOutput.builder()
          .repositoryName(git.repository().name())
          .pullRequestId(p.id())
          .beforeCommitId(at.before())
          .afterCommitId(at.after())
          .beforeBlobId(at.beforeBlob())
          .afterBlobId(at.afterBlob())
          .location(at.location())
          .comment(made.view(call))
          .build();
    }
  }

  PostCommentForComparedCommitOutput onCommit(Call call, PostCommentForComparedCommitInput in) {
    check(in.content());
    try (Git git = Git.open(store, repositories, folders, call, in.repositoryName())) {
      var place = place(git, null, in.beforeCommitId(), in.afterCommitId(), in.location());
      Remark made = post(call, place, null, in.content(), in.clientRequestToken(), in.toString());
      Remark.Place at = made.place();
      return PostCommentForComparedCommitOutput.builder()
          .repositoryName(git.repository().name())
          .beforeCommitId(at.before())
          .afterCommitId(at.after())
          .beforeBlobId(at.beforeBlob())
          .afterBlobId(at.afterBlob())
          .location(at.location())
          .comment(made.view(call))
          .build();
    }
  }

  PostCommentReplyOutput reply(Call call, PostCommentReplyInput in) {
    check(in.content());
    Remark to = store.read(tx -> remarks.require(tx, call, in.inReplyTo()));
    Remark made = post(call, to.place(), to, in.content(), in.clientRequestToken(), in.toString());
    return new PostCommentReplyOutput(made.view(call));
  }

  private Remark post(
      Call call,
      Remark.Place place,
      @Nullable Remark to,
      String content,
      @Nullable String token,
      String request) {
    return store.write(
        tx -> {
          Optional<String> before = tokens.made(tx, call, TOKEN, token, request);
          if (before.isPresent()) {
            return remarks.require(tx, call, before.get());
          }
          String thread = to == null ? Ids.uuid() : to.thread();
          String parent = to == null ? null : to.id();
          Remark c =
              new Remark(
                  thread + ":" + Ids.uuid(),
                  place,
                  parent,
                  content,
                  call.principal().arn(),
                  call.at(),
                  call.at(),
                  token,
                  Map.of());
          remarks.add(tx, call, repository(tx, call, c), c);
          tokens.keep(tx, call, TOKEN, token, request, c.id());
          return c;
        });
  }

  private Repository repository(Tx tx, Call call, Remark c) {
    return repositories
        .byId(tx, call.scope(), c.place().repositoryId())
        .orElseThrow(() -> Repositories.missing(c.place().repositoryId()));
  }

  GetCommentOutput get(Call call, GetCommentInput in) {
    return new GetCommentOutput(
        store.read(tx -> remarks.requireThere(tx, call, in.commentId())).view(call));
  }

  UpdateCommentOutput update(Call call, UpdateCommentInput in) {
    check(in.content());
    return store.write(
        tx -> {
          Remark c = remarks.requireThere(tx, call, in.commentId());
          if (!c.author().equals(call.principal().arn())) {
            throw CodecommitErrors.commentNotCreatedByCallerException(
                "You cannot modify or delete this comment. Only comment authors can modify or delete their comments.");
          }
          Remark changed = c.with(in.content(), call.at());
          remarks.save(tx, call, changed);
          remarks.publish(tx, call, repository(tx, call, c), changed, "Updated");
          return new UpdateCommentOutput(changed.view(call));
        });
  }

  DeleteCommentContentOutput delete(Call call, DeleteCommentContentInput in) {
    return store.write(
        tx -> {
          Remark gone = remarks.requireThere(tx, call, in.commentId()).with(null, call.at());
          remarks.save(tx, call, gone);
          return new DeleteCommentContentOutput(gone.view(call));
        });
  }

  GetCommentsForPullRequestOutput ofPull(Call call, GetCommentsForPullRequestInput in) {
    Pull p = store.read(tx -> pulls.require(tx, call, in.pullRequestId()));
    Repository r =
        store.read(tx -> repositories.byId(tx, p.scope(), p.origin().repositoryId())).orElseThrow();
    if (in.repositoryName() != null) {
      checkRepository(p, store.read(tx -> repositories.require(tx, call, in.repositoryName())));
    }
    Predicate<Remark.Place> wanted =
        at ->
            Long.valueOf(p.origin().number()).equals(at.pull())
                && is(in.beforeCommitId(), at.before())
                && is(in.afterCommitId(), at.after());
    var page = threads(r, wanted, in.nextToken(), in.maxResults());
    return new GetCommentsForPullRequestOutput(
        page.map(
            t -> {
              Remark.Place at = t.getFirst().place();
              return CommentsForPullRequest.builder()
                  .pullRequestId(p.id())
                  .repositoryName(r.name())
                  .beforeCommitId(at.before())
                  .afterCommitId(at.after())
                  .beforeBlobId(at.beforeBlob())
                  .afterBlobId(at.afterBlob())
                  .location(at.location())
                  .comments(t.stream().map(c -> c.view(call)).toList())
                  .build();
            }),
        page.nextToken());
  }

  GetCommentsForComparedCommitOutput ofCommit(Call call, GetCommentsForComparedCommitInput in) {
    Repository r = store.read(tx -> repositories.require(tx, call, in.repositoryName()));
    Predicate<Remark.Place> wanted =
        at ->
            at.pull() == null
                && at.after().equals(in.afterCommitId())
                && is(in.beforeCommitId(), at.before());
    var page = threads(r, wanted, in.nextToken(), in.maxResults());
    return new GetCommentsForComparedCommitOutput(
        page.map(
            t -> {
              Remark.Place at = t.getFirst().place();
              return CommentsForComparedCommit.builder()
                  .repositoryName(r.name())
                  .beforeCommitId(at.before())
                  .afterCommitId(at.after())
                  .beforeBlobId(at.beforeBlob())
                  .afterBlobId(at.afterBlob())
                  .location(at.location())
                  .comments(t.stream().map(c -> c.view(call)).toList())
                  .build();
            }),
        page.nextToken());
  }

  private Page<List<Remark>> threads(
      Repository r, Predicate<Remark.Place> wanted, @Nullable String token, @Nullable Integer max) {
    PullText.maxResults(max);
    Map<String, List<Remark>> all = new LinkedHashMap<>();
    for (Remark c : store.read(tx -> remarks.of(tx, r))) {
      if (wanted.test(c.place())) {
        all.computeIfAbsent(c.thread(), t -> new java.util.ArrayList<>()).add(c);
      }
    }
    List<List<Remark>> sorted = List.copyOf(all.values());
    Map<List<Remark>, Integer> order = new java.util.IdentityHashMap<>();
    sorted.forEach(t -> order.put(t, order.size()));
    return Page.of(
        sorted, t -> "%09d".formatted(order.get(t)), token, max, PAGE, PullText.badToken());
  }

  private static boolean is(@Nullable String wanted, @Nullable String there) {
    return wanted == null || wanted.equals(there);
  }

  private static void check(String content) {
    if (content.isBlank()) {
      throw CodecommitErrors.commentContentRequiredException(
          "The comment is empty. You must provide some content for a comment. The content cannot be null.");
    }
    if (content.length() > LONGEST) {
      throw CodecommitErrors.commentContentSizeLimitExceededException(
          "The comment is too large. Comments are limited to 10,240 characters.");
    }
  }

  private static void checkRepository(Pull p, Repository r) {
    if (!p.origin().repositoryId().equals(r.id())) {
      throw CodecommitErrors.repositoryNotAssociatedWithPullRequestException(
          "The repository does not contain any pull requests with that pull request ID. Use GetPullRequest to verify the correct repository name for the pull request ID.");
    }
  }

  private static Remark.Place place(
      Git git, @Nullable Pull p, @Nullable String before, String after, @Nullable Location at) {
    if (after.equals(before)) {
      throw CodecommitErrors.beforeCommitIdAndAfterCommitIdAreSameException(
          "The before commit ID and the after commit ID are the same, which is not valid. The before commit ID and the after commit ID must be different commit IDs.");
    }
    Long number = p == null ? null : p.origin().number();
    String id = git.repository().id();
    RevCommit now = git.requireCommit(after);
    RevCommit was = before == null ? null : git.requireCommit(before);
    if (at == null) {
      return new Remark.Place(id, number, before, after, null, null, null, null, null);
    }
    if (at.filePath() == null) {
      throw CodecommitErrors.pathRequiredException("The folderPath for a location cannot be null.");
    }
    String path = FilePath.file(at.filePath());
    String newBlob = blob(git, now, path);
    String oldBlob = was == null ? null : blob(git, was, path);
    if (("BEFORE".equals(at.relativeFileVersion()) ? oldBlob : newBlob) == null) {
      throw CodecommitErrors.pathDoesNotExistException("The specified path does not exist.");
    }
    return new Remark.Place(
        id,
        number,
        before,
        after,
        oldBlob,
        newBlob,
        path,
        at.filePosition(),
        at.relativeFileVersion());
  }

  private static @Nullable String blob(Git git, RevCommit commit, String path) {
    return Git.io(() -> TreeEdit.of(git.git(), commit.getTree()))
        .find(path)
        .map(e -> e.id().name())
        .orElse(null);
  }
}
