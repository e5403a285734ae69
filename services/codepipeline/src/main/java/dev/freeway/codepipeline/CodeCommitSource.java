package dev.freeway.codepipeline;

import dev.freeway.codepipeline.Execution.Artifact;
import dev.freeway.codepipeline.api.ActionDeclaration;
import dev.freeway.codepipeline.uses.codecommit.CodecommitApi;
import dev.freeway.codepipeline.uses.codecommit.Commit;
import dev.freeway.codepipeline.uses.codecommit.GetBranchInput;
import dev.freeway.codepipeline.uses.codecommit.GetCommitInput;
import dev.freeway.codepipeline.uses.codecommit.UploadArchiveInput;
import dev.freeway.platform.Clients;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Source/CodeCommit: the head of a branch, or the commit asked for, as a zip in the artifact
/// bucket, or as a reference that builds clone.
final class CodeCommitSource implements ActionProvider {
  private final Clients clients;
  private final ArtifactFiles files;

  CodeCommitSource(Clients clients, ArtifactFiles files) {
    this.clients = clients;
    this.files = files;
  }

  @Override
  public String type() {
    return "Source/CodeCommit";
  }

  @Override
  public List<String> problems(ActionDeclaration action) {
    List<String> problems = Required.of(action, "RepositoryName", "BranchName");
    String format = CloneReference.problem(action);
    if (format != null) {
      problems.add(format);
    }
    return problems;
  }

  @Override
  public List<Permission> permissions(Job job) {
    return Permission.of(
        job.arn("codecommit", job.config("RepositoryName", "")),
        "codecommit:GetBranch",
        "codecommit:GetCommit",
        CloneReference.wanted(job.run().configuration())
            ? "codecommit:GetRepository"
            : "codecommit:UploadArchive");
  }

  private void make(Job job, String repository, String commitId, Artifact planned) {
    if (CloneReference.wanted(job.run().configuration())) {
      CloneReference.of(job, repository, commitId).write(job, files, planned);
      return;
    }
    var upload =
        UploadArchiveInput.builder()
            .repositoryName(repository)
            .commitId(commitId)
            .s3Bucket(planned.bucket())
            .s3Key(planned.key())
            .build();
    clients.call(job.call(), CodecommitApi.UPLOAD_ARCHIVE, upload);
  }

  @Override
  public Progress step(Job job) {
    String repository = job.config("RepositoryName", "");
    String branch =
        job.execution().branches().getOrDefault(job.action().name(), job.config("BranchName", ""));
    String commitId = job.execution().overrides().get(job.action().name());
    if (commitId == null) {
      var head = GetBranchInput.builder().repositoryName(repository).branchName(branch).build();
      commitId = clients.call(job.call(), CodecommitApi.GET_BRANCH, head).branch().commitId();
    }
    var ask = GetCommitInput.builder().repositoryName(repository).commitId(commitId).build();
    Commit commit = clients.call(job.call(), CodecommitApi.GET_COMMIT, ask).commit();
    // What was asked for may be an annotated tag.
    commitId = commit.commitId() == null ? commitId : commit.commitId();
    String subject = commit.message() == null ? "" : commit.message().strip();
    List<Artifact> outputs = new ArrayList<>();
    for (Artifact planned : Artifacts.planned(job)) {
      make(job, repository, commitId, planned);
      outputs.add(
          new Artifact(
              planned.name(),
              planned.bucket(),
              planned.key(),
              commitId,
              subject,
              null,
              job.call().at()));
    }
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("AuthorDate", commit.author() == null ? "" : commit.author().date());
    variables.put("BranchName", branch);
    variables.put("CommitId", commitId);
    variables.put("CommitMessage", subject);
    variables.put("CommitterDate", commit.committer() == null ? "" : commit.committer().date());
    variables.put("RepositoryName", repository);
    return new Progress.Succeeded(outputs, variables, commitId, subject, null);
  }
}
