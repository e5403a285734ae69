package dev.freeway.codecommit;

import static dev.freeway.codecommit.PullFixture.code;
import static dev.freeway.codecommit.api.CodecommitApi.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.codecommit.api.*;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CommentTest {
  private final PullFixture on = new PullFixture();

  @AfterEach
  void close() {
    on.close();
  }

  private PostCommentForPullRequestOutput post(String text, String path, String token) {
    var in =
        PostCommentForPullRequestInput.builder()
            .pullRequestId("1")
            .repositoryName("r")
            .beforeCommitId(on.first)
            .afterCommitId(on.ahead)
            .content(text)
            .location(path == null ? null : new Location(path, 1L, "AFTER"))
            .clientRequestToken(token);
    return on.node.call(POST_COMMENT_FOR_PULL_REQUEST, in.build());
  }

  @Test
  void repliesAreInTheirThreadAndToldOf() {
    on.open(null);
    var made = post("why?", "g", "t");
    assertNotNull(made.afterBlobId());
    String id = made.comment().commentId();
    assertEquals(id, post("why?", "g", "t").comment().commentId());
    post("nice", null, null);
    on.node.call(
        POST_COMMENT_REPLY,
        PostCommentReplyInput.builder().inReplyTo(id).content("because").build());
    var in = GetCommentsForPullRequestInput.builder().pullRequestId("1").build();
    var all = on.node.call(GET_COMMENTS_FOR_PULL_REQUEST, in).commentsForPullRequestData();
    assertEquals(
        List.of(List.of("why?", "because"), List.of("nice")),
        all.stream().map(t -> t.comments().stream().map(Comment::content).toList()).toList());
    assertEquals("g", all.getFirst().location().filePath());
    assertEquals("PathDoesNotExistException", code(() -> post("x", "none", null)));
    assertEquals("commentOnPullRequestCreated", on.told().getLast());
    assertEquals(id, on.events().getLast().detail().get("inReplyTo"));
  }

  @Test
  void onlyItsAuthorChangesItAndWhatIsDeletedStaysSo() {
    on.open(null);
    String id = post("a", null, null).comment().commentId();
    var update = new UpdateCommentInput(id, "b");
    assertEquals(
        "CommentNotCreatedByCallerException",
        code(() -> on.as(PullFixture.MARY, UPDATE_COMMENT, update)));
    assertEquals("b", on.node.call(UPDATE_COMMENT, update).comment().content());
    var delete = new DeleteCommentContentInput(id);
    assertTrue(on.node.call(DELETE_COMMENT_CONTENT, delete).comment().deleted());
    assertEquals(
        "CommentDeletedException", code(() -> on.node.call(DELETE_COMMENT_CONTENT, delete)));
    assertEquals("CommentDeletedException", code(() -> on.node.call(UPDATE_COMMENT, update)));
  }

  @Test
  void comparisonsHaveCommentsOfTheirOwn() {
    var in =
        PostCommentForComparedCommitInput.builder()
            .repositoryName("r")
            .afterCommitId(on.ahead)
            .content("hm");
    on.node.call(POST_COMMENT_FOR_COMPARED_COMMIT, in.build());
    var get =
        GetCommentsForComparedCommitInput.builder().repositoryName("r").afterCommitId(on.ahead);
    var all = on.node.call(GET_COMMENTS_FOR_COMPARED_COMMIT, get.build());
    assertEquals(1, all.commentsForComparedCommitData().size());
    assertEquals(List.of("commentOnCommitCreated"), on.told());
  }

  @Test
  void aUserHasOneReactionWhichAnotherReplaces() {
    on.open(null);
    String id = post("a", null, null).comment().commentId();
    on.node.call(PUT_COMMENT_REACTION, new PutCommentReactionInput(id, ":thumbsup:"));
    on.node.call(PUT_COMMENT_REACTION, new PutCommentReactionInput(id, "U+2764"));
    on.as(PullFixture.MARY, PUT_COMMENT_REACTION, new PutCommentReactionInput(id, "❤️"));
    var seen = on.node.call(GET_COMMENT, new GetCommentInput(id)).comment();
    assertEquals(List.of(":heart:"), seen.callerReactions());
    assertEquals(java.util.Map.of(":heart:", 2), seen.reactionCounts());
    var get = GetCommentReactionsInput.builder().commentId(id);
    var mary = get.reactionUserArn(PullFixture.MARY).build();
    var found = on.node.call(GET_COMMENT_REACTIONS, mary).reactionsForComment().getFirst();
    assertEquals("❤", found.reaction().emoji());
    assertEquals(List.of(PullFixture.MARY), found.reactionUsers());
    on.as(PullFixture.MARY, PUT_COMMENT_REACTION, new PutCommentReactionInput(id, "none"));
    assertEquals(List.of(), on.node.call(GET_COMMENT_REACTIONS, mary).reactionsForComment());
    assertEquals(
        "InvalidReactionValueException",
        code(() -> on.node.call(PUT_COMMENT_REACTION, new PutCommentReactionInput(id, ":x:"))));
  }
}
