package dev.freeway.codecommit;

import dev.freeway.platform.Call;
import java.io.IOException;
import java.time.ZoneOffset;
import java.util.List;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.jspecify.annotations.Nullable;

/// Writes commits for API calls.
///
/// @param name of the author; else the caller's
record CommitWriter(
    Call call, @Nullable String name, @Nullable String email, @Nullable String message) {

  ObjectId write(ObjectInserter inserter, ObjectId tree, List<ObjectId> parents, String otherwise)
      throws IOException {
    String arn = call.principal().arn();
    String caller = arn.substring(Math.max(arn.lastIndexOf('/'), arn.lastIndexOf(':')) + 1);
    PersonIdent who =
        new PersonIdent(
            name == null || name.isEmpty() ? caller : name,
            email == null ? "" : email,
            call.at(),
            ZoneOffset.UTC);
    CommitBuilder commit = new CommitBuilder();
    commit.setTreeId(tree);
    commit.setParentIds(parents);
    commit.setAuthor(who);
    commit.setCommitter(who);
    commit.setMessage(message == null || message.isEmpty() ? otherwise : message);
    ObjectId id = inserter.insert(commit);
    inserter.flush();
    return id;
  }
}
