package dev.freeway.codecommit;

import dev.freeway.codecommit.api.Commit;
import dev.freeway.codecommit.api.UserInfo;
import java.time.ZoneOffset;
import java.util.Arrays;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.revwalk.RevCommit;

/// Commits as the API shows them.
final class CommitViews {
  private CommitViews() {}

  static Commit of(RevCommit c) {
    return Commit.builder()
        .commitId(c.name())
        .treeId(c.getTree().name())
        .parents(Arrays.stream(c.getParents()).map(ObjectId::name).toList())
        .message(c.getFullMessage())
        .author(user(c.getAuthorIdent()))
        .committer(user(c.getCommitterIdent()))
        .additionalData("")
        .build();
  }

  /// The date in git's own form: seconds since 1970 and the offset, `1484167798 -0800`.
  private static UserInfo user(PersonIdent p) {
    ZoneOffset offset = p.getZoneOffset();
    int minutes = offset.getTotalSeconds() / 60;
    String sign = minutes < 0 ? "-" : "+";
    int m = Math.abs(minutes);
    return new UserInfo(
        p.getName(),
        p.getEmailAddress(),
        p.getWhenAsInstant().getEpochSecond() + " " + sign + "%02d%02d".formatted(m / 60, m % 60));
  }
}
