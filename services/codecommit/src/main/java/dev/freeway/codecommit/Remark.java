package dev.freeway.codecommit;

import dev.freeway.codecommit.api.Comment;
import dev.freeway.codecommit.api.Location;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A comment on a pull request or on a comparison of commits.
///
/// @param id the thread's id, a colon, its own: a reply has its thread's
/// @param content null when it was deleted
record Remark(
    String id,
    Place place,
    @Nullable String inReplyTo,
    @Nullable String content,
    String author,
    Instant created,
    Instant modified,
    @Nullable String token) {

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
    return new Remark(id, place, inReplyTo, other, author, created, at, token);
  }

  String thread() {
    return id.substring(0, id.indexOf(':'));
  }

  Comment view() {
    return Comment.builder()
        .commentId(id)
        .content(content)
        .inReplyTo(inReplyTo)
        .creationDate(created)
        .lastModifiedDate(modified)
        .authorArn(author)
        .deleted(content == null)
        .clientRequestToken(token)
        .callerReactions(List.of())
        .reactionCounts(Map.of())
        .build();
  }
}
