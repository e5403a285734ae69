package dev.freeway.codecommit;

import dev.freeway.codecommit.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Page;
import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Store;
import java.util.List;
import java.util.function.UnaryOperator;

/// Pull requests seen, changed and closed.
final class PullOperations {
  private static final int PAGE = 100;

  private final Store store;
  private final Repositories repositories;
  private final Pulls pulls;
  private final PullEvents events;

  PullOperations(Store store, Repositories repositories, Pulls pulls, PullEvents events) {
    this.store = store;
    this.repositories = repositories;
    this.pulls = pulls;
    this.events = events;
  }

  GetPullRequestOutput get(Call call, GetPullRequestInput in) {
    return store.read(
        tx -> {
          Pull p = pulls.require(tx, call, in.pullRequestId());
          return new GetPullRequestOutput(PullViews.of(p, repository(tx, p)));
        });
  }

  private Repository repository(ReadTx tx, Pull p) {
    // A repository's pull requests go with it, in one transaction.
    return repositories.byId(tx, p.scope(), p.origin().repositoryId()).orElseThrow();
  }

  /// The newest first.
  ListPullRequestsOutput list(Call call, ListPullRequestsInput in) {
    PullText.maxResults(in.maxResults());
    if (in.authorArn() != null && !in.authorArn().startsWith("arn:")) {
      throw CodecommitErrors.invalidAuthorArnException(
          "The Amazon Resource Name (ARN) is not valid. Make sure that you have provided the full ARN for the author of the pull request, and then try again.");
    }
    List<Pull> all =
        store
            .read(
                tx ->
                    pulls.of(
                        tx,
                        repositories.require(tx, call, in.repositoryName()),
                        in.pullRequestStatus()))
            .reversed()
            .stream()
            .filter(p -> in.authorArn() == null || p.origin().author().equals(in.authorArn()))
            .toList();
    var page =
        Page.of(
            all,
            p -> Key.number(Long.MAX_VALUE - p.origin().number()),
            in.nextToken(),
            in.maxResults(),
            PAGE,
            PullText.badToken());
    return new ListPullRequestsOutput(page.map(Pull::id), page.nextToken());
  }

  UpdatePullRequestTitleOutput title(Call call, UpdatePullRequestTitleInput in) {
    PullText.title(in.title());
    return new UpdatePullRequestTitleOutput(
        change(call, in.pullRequestId(), p -> p.titled(in.title(), call.at())));
  }

  UpdatePullRequestDescriptionOutput describe(Call call, UpdatePullRequestDescriptionInput in) {
    return new UpdatePullRequestDescriptionOutput(
        change(call, in.pullRequestId(), p -> p.described(in.description(), call.at())));
  }

  private PullRequest change(Call call, String id, UnaryOperator<Pull> how) {
    return store.write(
        tx -> {
          Pull p = how.apply(pulls.requireOpen(tx, call, id));
          pulls.save(tx, p);
          return PullViews.of(p, repository(tx, p));
        });
  }

  UpdatePullRequestStatusOutput status(Call call, UpdatePullRequestStatusInput in) {
    return store.write(
        tx -> {
          Pull p = pulls.require(tx, call, in.pullRequestId());
          if (!p.open() || !in.pullRequestStatus().equals("CLOSED")) {
            throw CodecommitErrors.invalidPullRequestStatusUpdateException(
                "The pull request status update is not valid. The only valid update is from OPEN to CLOSED.");
          }
          Repository r = repository(tx, p);
          Pull closed = p.closed(call.at());
          pulls.save(tx, closed);
          events.closed(tx, r, closed, call.principal().arn());
          return new UpdatePullRequestStatusOutput(PullViews.of(closed, r));
        });
  }

  DescribePullRequestEventsOutput history(Call call, DescribePullRequestEventsInput in) {
    PullText.maxResults(in.maxResults());
    return store.read(
        tx -> {
          Pull p = pulls.require(tx, call, in.pullRequestId());
          String name = repository(tx, p).name();
          List<Row<PullHistory>> all =
              pulls.history(tx, p).stream()
                  .filter(e -> is(in.pullRequestEventType(), e.value().type()))
                  .filter(e -> is(in.actorArn(), e.value().actor()))
                  .toList();
          var page =
              Page.of(all, Row::key, in.nextToken(), in.maxResults(), PAGE, PullText.badToken());
          return new DescribePullRequestEventsOutput(
              page.map(e -> e.value().view(p, name)), page.nextToken());
        });
  }

  private static boolean is(@org.jspecify.annotations.Nullable String wanted, String there) {
    return wanted == null || wanted.equals(there);
  }
}
