package dev.freeway.codecommit;

import static dev.freeway.codecommit.PullFixture.code;
import static dev.freeway.codecommit.api.CodecommitApi.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.codecommit.api.*;
import dev.freeway.platform.Event;
import dev.freeway.store.Table;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PullRequestTest {
  private final PullFixture on = new PullFixture();

  @AfterEach
  void close() {
    on.close();
  }

  private String head(String branch) {
    var in = GetBranchInput.builder().repositoryName("r").branchName(branch).build();
    return on.node.call(GET_BRANCH, in).branch().commitId();
  }

  private PullRequest fastForward(String id, String tip) {
    var in = new MergePullRequestByFastForwardInput(id, "r", tip);
    return on.node.call(MERGE_PULL_REQUEST_BY_FAST_FORWARD, in).pullRequest();
  }

  private PullRequest threeWay(String id) {
    var in = MergePullRequestByThreeWayInput.builder().pullRequestId(id).repositoryName("r");
    return on.node.call(MERGE_PULL_REQUEST_BY_THREE_WAY, in.build()).pullRequest();
  }

  private List<String> history(String id) {
    var in = DescribePullRequestEventsInput.builder().pullRequestId(id).build();
    return on.node.call(DESCRIBE_PULL_REQUEST_EVENTS, in).pullRequestEvents().stream()
        .map(PullRequestEvent::pullRequestEventType)
        .toList();
  }

  @Test
  void isCreatedWithBothTipsAndToldOf() {
    PullRequest p = on.open(null);
    PullRequestTarget target = p.pullRequestTargets().getFirst();
    assertEquals("1", p.pullRequestId());
    assertEquals("OPEN", p.pullRequestStatus());
    assertEquals("refs/heads/main", target.destinationReference());
    assertEquals(on.ahead, target.sourceCommit());
    assertEquals(on.first, target.destinationCommit());
    assertEquals(on.first, target.mergeBase());
    assertFalse(target.mergeMetadata().isMerged());
    assertEquals(p, on.get("1"));
    Event e = on.events().getFirst();
    assertEquals("CodeCommit Pull Request State Change", e.detailType());
    assertEquals(List.of("arn:aws:codecommit:us-east-1:000000000000:r"), e.resources());
    assertEquals("pullRequestCreated", e.detail().get("event"));
    assertEquals("Open", e.detail().get("pullRequestStatus"));
    assertEquals("False", e.detail().get("isMerged"));
    assertEquals("refs/heads/topic", e.detail().get("sourceReference"));
    assertEquals(on.ahead, e.detail().get("sourceCommit"));
    assertEquals("Thu Jan 01 00:00:00 UTC 2026", e.detail().get("creationDate"));
    assertEquals(List.of("r"), e.detail().get("repositoryNames"));
  }

  @Test
  void theSameTokenMakesOnePullRequest() {
    assertEquals("1", on.open("t").pullRequestId());
    assertEquals("1", on.open("t").pullRequestId());
    var target = Target.builder().repositoryName("r").sourceReference("topic").build();
    var other =
        CreatePullRequestInput.builder()
            .title("Other")
            .targets(List.of(target))
            .clientRequestToken("t")
            .build();
    assertEquals(
        "IdempotencyParameterMismatchException",
        code(() -> on.node.call(CREATE_PULL_REQUEST, other)));
    assertEquals("2", on.open("u").pullRequestId());
    assertEquals(List.of("pullRequestCreated", "pullRequestCreated"), on.told());
  }

  @Test
  void listsTheNewestFirstByStatusInPages() {
    on.open("1");
    on.open("2");
    on.open("3");
    on.node.call(UPDATE_PULL_REQUEST_STATUS, new UpdatePullRequestStatusInput("2", "CLOSED"));
    var in = ListPullRequestsInput.builder().repositoryName("r");
    var page = on.node.call(LIST_PULL_REQUESTS, in.maxResults(2).build());
    assertEquals(List.of("3", "2"), page.pullRequestIds());
    var next = in.nextToken(page.nextToken()).build();
    assertEquals(List.of("1"), on.node.call(LIST_PULL_REQUESTS, next).pullRequestIds());
    var open = ListPullRequestsInput.builder().repositoryName("r").pullRequestStatus("OPEN");
    assertEquals(
        List.of("3", "1"), on.node.call(LIST_PULL_REQUESTS, open.build()).pullRequestIds());
    var marys = open.authorArn(PullFixture.MARY).build();
    assertEquals(List.of(), on.node.call(LIST_PULL_REQUESTS, marys).pullRequestIds());
  }

  @Test
  void aClosedOneStaysClosedAsItIs() {
    on.open(null);
    on.node.call(UPDATE_PULL_REQUEST_TITLE, new UpdatePullRequestTitleInput("1", "Better"));
    var status = new UpdatePullRequestStatusInput("1", "CLOSED");
    assertEquals("Better", on.node.call(UPDATE_PULL_REQUEST_STATUS, status).pullRequest().title());
    var open = new UpdatePullRequestStatusInput("1", "OPEN");
    assertEquals(
        "InvalidPullRequestStatusUpdateException",
        code(() -> on.node.call(UPDATE_PULL_REQUEST_STATUS, open)));
    var title = new UpdatePullRequestTitleInput("1", "Late");
    assertEquals(
        "PullRequestAlreadyClosedException",
        code(() -> on.node.call(UPDATE_PULL_REQUEST_TITLE, title)));
    assertEquals("PullRequestAlreadyClosedException", code(() -> fastForward("1", null)));
    assertEquals(List.of("pullRequestCreated", "pullRequestStatusChanged"), on.told());
  }

  @Test
  void commitsToTheSourceMakeANewRevision() {
    String revision = on.open(null).revisionId();
    String more = on.put("topic", "h", "h", on.ahead);
    PullRequest p = on.get("1");
    assertNotEquals(revision, p.revisionId());
    assertEquals(more, p.pullRequestTargets().getFirst().sourceCommit());
    assertEquals(List.of("pullRequestCreated", "pullRequestSourceBranchUpdated"), on.told());
    assertEquals(more, on.events().getLast().detail().get("sourceCommit"));
    assertEquals(
        List.of("PULL_REQUEST_CREATED", "PULL_REQUEST_SOURCE_REFERENCE_UPDATED"), history("1"));
  }

  @Test
  void aFastForwardMovesTheBranchAndClosesIt() {
    on.open(null);
    assertEquals(
        "TipOfSourceReferenceIsDifferentException", code(() -> fastForward("1", on.first)));
    PullRequest p = fastForward("1", on.ahead);
    assertEquals("CLOSED", p.pullRequestStatus());
    MergeMetadata merge = p.pullRequestTargets().getFirst().mergeMetadata();
    assertTrue(merge.isMerged());
    assertEquals("FAST_FORWARD_MERGE", merge.mergeOption());
    assertEquals(on.ahead, merge.mergeCommitId());
    assertEquals(on.ahead, head("main"));
    assertEquals(List.of("pullRequestCreated", "pullRequestMergeStatusUpdated"), on.told());
    var detail = on.events().getLast().detail();
    assertEquals("True", detail.get("isMerged"));
    assertEquals("FAST_FORWARD_MERGE", detail.get("mergeOption"));
    assertEquals(List.of("PULL_REQUEST_CREATED", "PULL_REQUEST_MERGE_STATE_CHANGED"), history("1"));
  }

  @Test
  void divergedBranchesMergeByThreeWayOrSquash() {
    on.open(null);
    String main = on.put("main", "h", "h", on.first);
    assertEquals("ManualMergeRequiredException", code(() -> fastForward("1", null)));
    assertEquals("OPEN", on.get("1").pullRequestStatus());
    PullRequest p = threeWay("1");
    String merged = p.pullRequestTargets().getFirst().mergeMetadata().mergeCommitId();
    var in = GetCommitInput.builder().repositoryName("r").commitId(merged).build();
    assertEquals(List.of(main, on.ahead), on.node.call(GET_COMMIT, in).commit().parents());
    on.put("topic", "i", "i", on.ahead);
    on.open("second");
    var squash =
        MergePullRequestBySquashInput.builder().pullRequestId("2").repositoryName("r").build();
    PullRequest q = on.node.call(MERGE_PULL_REQUEST_BY_SQUASH, squash).pullRequest();
    assertEquals("SQUASH_MERGE", q.pullRequestTargets().getFirst().mergeMetadata().mergeOption());
  }

  @Test
  void aConflictLeavesEverythingAsItWas() {
    on.put("topic", "f", "topic\n", on.ahead);
    String main = on.put("main", "f", "main\n", on.first);
    on.open(null);
    assertEquals("ManualMergeRequiredException", code(() -> threeWay("1")));
    assertEquals(main, head("main"));
    assertEquals("OPEN", on.get("1").pullRequestStatus());
  }

  @Test
  void aBranchMergedByGitClosesItAsMerged() {
    on.open(null);
    var in =
        MergeBranchesByFastForwardInput.builder()
            .repositoryName("r")
            .sourceCommitSpecifier("topic")
            .destinationCommitSpecifier("main")
            .build();
    on.node.call(MERGE_BRANCHES_BY_FAST_FORWARD, in);
    assertTrue(on.get("1").pullRequestTargets().getFirst().mergeMetadata().isMerged());
  }

  @Test
  void aDeletedBranchClosesItUnmerged() {
    on.open(null);
    on.node.call(DELETE_BRANCH, new DeleteBranchInput("r", "topic"));
    PullRequest p = on.get("1");
    assertEquals("CLOSED", p.pullRequestStatus());
    assertFalse(p.pullRequestTargets().getFirst().mergeMetadata().isMerged());
    assertEquals(List.of("pullRequestCreated", "pullRequestStatusChanged"), on.told());
  }

  @Test
  void aMergeThatACrashInterruptedIsFinished() {
    on.open(null);
    Pulls pulls = new Pulls();
    // The branch has moved, and nobody was told: what a crash leaves between the two.
    on.node
        .store()
        .update(
            tx -> {
              Pull p = pulls.require(tx, on.node.call(), "1");
              var how = new Pull.Landing("SQUASH_MERGE", on.ahead, PullFixture.MARY);
              pulls.save(tx, p.merging(how));
            });
    var folders = new GitFolders(on.node.folder().resolve("state/git"));
    var repositories = new Repositories();
    Repository r = on.node.store().read(tx -> repositories.all(tx)).getFirst();
    try (var git = folders.open(r)) {
      var id = org.eclipse.jgit.lib.ObjectId.fromString(on.ahead);
      References.update(git, "main", id, org.eclipse.jgit.lib.ObjectId.fromString(on.first));
    }
    var intents = new Table<>("codecommit_intents", RefEvents.Intent.class);
    var intent = new RefEvents.Intent(r.account(), r.region(), r.id(), PullFixture.MARY);
    on.node.store().update(tx -> tx.put(intents, dev.freeway.store.Key.of(r.id(), "x"), intent));
    var events = on.node.platform().events();
    new RefEvents(
            on.node.store(),
            events,
            on.node.platform().clock(),
            repositories,
            folders,
            new FollowBranches(pulls, new PullEvents(events, pulls)),
            new Triggers(on.node.platform()))
        .recover();
    MergeMetadata merge = on.get("1").pullRequestTargets().getFirst().mergeMetadata();
    assertEquals("SQUASH_MERGE", merge.mergeOption());
    assertEquals(PullFixture.MARY, merge.mergedBy());
    assertEquals("pullRequestMergeStatusUpdated", on.told().getLast());
  }

  @Test
  void badTargetsAreRefusedWithTheirOwnErrors() {
    assertEquals("ReferenceDoesNotExistException", code(() -> open("none", null)));
    assertEquals("SourceAndDestinationAreSameException", code(() -> open("main", "main")));
    assertEquals("ReferenceTypeNotSupportedException", code(() -> open("refs/tags/v1", null)));
    assertEquals("PullRequestDoesNotExistException", code(() -> on.get("7")));
    assertEquals("InvalidPullRequestIdException", code(() -> on.get("seven")));
  }

  private void open(String source, String destination) {
    var target = new Target("r", source, destination);
    var in = CreatePullRequestInput.builder().title("t").targets(List.of(target)).build();
    on.node.call(CREATE_PULL_REQUEST, in);
  }

  @Test
  void goesWithItsRepository() {
    on.open(null);
    on.node.call(DELETE_REPOSITORY, new DeleteRepositoryInput("r"));
    assertEquals("PullRequestDoesNotExistException", code(() -> on.get("1")));
  }
}
