package dev.freeway.codecommit;

import dev.freeway.codecommit.api.Comment;
import dev.freeway.codecommit.api.Location;
import dev.freeway.platform.Call;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A comment on a pull request or on a comparison of commits.
///
/// @param id the thread's id, a colon, its own: a reply has its thread's
/// @param reactions by the ARN of who reacted
/// @param content null when it was deleted
record Remark(
    String id,
    Place place,
    @Nullable String inReplyTo,
    @Nullable String content,
    String author,
    Instant created,
    Instant modified,
    @Nullable String token,
    Map<String, Reaction> reactions) {
  Remark {
    reactions = reactions == null ? Map.of() : Map.copyOf(reactions);
  }

  /// What a thread is about.
  ///
  /// @param pull the number of the pull request; null for a comparison
  record Place(
      String repositoryId,
      @Nullable Long pull,
      @Nullable String before,
      String after,
      @Nullable String beforeBlob,
      @Nullable String afterBlob,
      @Nullable String path,
      @Nullable Long position,
      @Nullable String version) {

    @Nullable Location location() {
      return path == null ? null : new Location(path, position, version);
    }
  }

  Remark with(@Nullable String other, Instant at) {
    return new Remark(id, place, inReplyTo, other, author, created, at, token, reactions);
  }

  Remark with(Map<String, Reaction> others) {
    return new Remark(id, place, inReplyTo, content, author, created, modified, token, others);
  }

  String thread() {
    return id.substring(0, id.indexOf(':'));
  }

  /// As the caller sees it.
  Comment view(Call call) {
    Reaction own = reactions.get(call.principal().arn());
    Map<String, Integer> counts = new TreeMap<>();
    reactions.values().forEach(r -> counts.merge(r.shortCode(), 1, Integer::sum));
    return Comment.builder()
        .commentId(id)
        .content(content)
        .inReplyTo(inReplyTo)
        .creationDate(created)
        .lastModifiedDate(modified)
        .authorArn(author)
        .deleted(content == null)
        .clientRequestToken(token)
        .callerReactions(own == null ? List.of() : List.of(own.shortCode()))
        .reactionCounts(counts)
        .build();
  }
}
