package dev.freeway.codepipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.codepipeline.api.GitBranchFilterCriteria;
import dev.freeway.codepipeline.api.GitConfiguration;
import dev.freeway.codepipeline.api.GitFilePathFilterCriteria;
import dev.freeway.codepipeline.api.GitPullRequestFilter;
import dev.freeway.codepipeline.api.GitPushFilter;
import dev.freeway.codepipeline.api.GitTagFilterCriteria;
import dev.freeway.codepipeline.api.PipelineDeclaration;
import dev.freeway.codepipeline.api.PipelineTriggerDeclaration;
import dev.freeway.wire.AwsException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TriggersTest {
  private final Lab lab = new Lab();

  @AfterEach
  void close() {
    lab.close();
  }

  private static PipelineDeclaration.Builder triggered(GitConfiguration.Builder git) {
    return Lab.pipeline(Lab.source(), Lab.stage("Hold", Lab.approval("Ok")))
        .executionMode("PARALLEL")
        .triggers(
            List.of(
                PipelineTriggerDeclaration.builder()
                    .providerType("CodeStarSourceConnection")
                    .gitConfiguration(git.build())
                    .build()));
  }

  private static GitConfiguration.Builder push(GitPushFilter... filters) {
    return GitConfiguration.builder().sourceActionName("Code").push(List.of(filters));
  }

  private static GitPushFilter branches(List<String> includes, List<String> excludes) {
    return GitPushFilter.builder()
        .branches(new GitBranchFilterCriteria(includes, excludes))
        .build();
  }

  private int started() {
    lab.node.run();
    return lab.executions().size();
  }

  @Test
  void aPushToABranchThatTheTriggerAllowsRunsThatBranchesCommit() {
    lab.create(triggered(push(branches(List.of("feature/**"), null))));
    assertEquals(1, started());
    String commit = lab.git.push("feature/a/b");
    assertEquals(2, started());
    var newest = lab.executions().getFirst();
    assertEquals("WebhookV2", newest.trigger().triggerType());
    assertTrue(newest.trigger().triggerDetail().contains("\"provider\":\"CodeCommit\""));
    assertTrue(newest.trigger().triggerDetail().contains("\"branchName\":\"feature/a/b\""));
    assertEquals(commit, newest.sourceRevisions().getFirst().revisionId());
    assertEquals(
        "feature/a/b",
        lab.node
            .store()
            .read(
                tx -> {
                  Pipelines pipelines = new Pipelines();
                  var p = pipelines.require(tx, lab.node.call().scope(), "p");
                  return new Executions(pipelines).newest(tx, p, 1).getFirst();
                })
            .variables()
            .get("src")
            .get("BranchName"));
  }

  @Test
  void aTriggerTakesThePlaceOfFollowingTheBranch() {
    lab.create(triggered(push(branches(List.of("release"), null))));
    lab.git.push("main");
    assertEquals(1, started());
  }

  @Test
  void excludesWinAndAloneTheyIncludeTheRest() {
    lab.create(triggered(push(branches(null, List.of("wip/*")))));
    lab.git.push("wip/x");
    assertEquals(1, started());
    lab.git.push("main");
    assertEquals(2, started());
  }

  @Test
  void branchAndPathsOfOneFilterMustBothHoldAndFiltersAreAlternatives() {
    GitPushFilter docs =
        GitPushFilter.builder()
            .branches(new GitBranchFilterCriteria(List.of("main"), null))
            .filePaths(new GitFilePathFilterCriteria(List.of("app/**"), List.of("**/README.md")))
            .build();
    lab.create(triggered(push(docs, branches(List.of("release"), null))));
    lab.git.push("main", "docs/a", "app/x/README.md");
    assertEquals(1, started());
    lab.git.push("other", "app/Main.java");
    assertEquals(1, started());
    lab.git.push("main", "docs/a", "app/Main.java");
    assertEquals(2, started());
    lab.git.push("release", "docs/a");
    assertEquals(3, started());
  }

  @Test
  void tagsStartOnlyWhatAsksForTags() {
    lab.create(
        triggered(
            push(
                GitPushFilter.builder()
                    .tags(new GitTagFilterCriteria(List.of("v*"), List.of("v0*")))
                    .build())));
    lab.git.tag("v0.1");
    lab.git.tag("nightly");
    lab.git.push("v1");
    assertEquals(1, started());
    String commit = lab.git.tag("v1.0");
    assertEquals(2, started());
    var newest = lab.executions().getFirst();
    assertEquals(commit, newest.sourceRevisions().getFirst().revisionId());
    assertTrue(newest.trigger().triggerDetail().contains("\"tagName\":\"v1.0\""));
  }

  @Test
  void aTriggerWithoutFiltersFollowsTheConfiguredBranch() {
    lab.create(triggered(GitConfiguration.builder().sourceActionName("Code")));
    lab.git.push("other");
    assertEquals(1, started());
    lab.git.push("main");
    assertEquals(2, started());
  }

  @Test
  void aPullRequestIntoABranchOfTheFilterRunsItsSource() {
    lab.create(
        triggered(
            GitConfiguration.builder()
                .sourceActionName("Code")
                .pullRequest(
                    List.of(
                        GitPullRequestFilter.builder()
                            .events(List.of("OPEN", "UPDATED"))
                            .branches(new GitBranchFilterCriteria(List.of("main"), null))
                            .filePaths(new GitFilePathFilterCriteria(List.of("web/**"), null))
                            .build()))));
    String commit = lab.git.push("feature", "web/index.html");
    assertEquals(1, started(), "pushes start nothing");
    lab.git.pull("pullRequestCreated", "Open", "feature", "other");
    lab.git.pull("pullRequestStatusChanged", "Closed", "feature", "main");
    lab.git.pull("pullRequestApprovalStateChanged", "Open", "feature", "main");
    assertEquals(1, started());
    lab.git.pull("pullRequestCreated", "Open", "feature", "main");
    assertEquals(2, started());
    var newest = lab.executions().getFirst();
    assertEquals(commit, newest.sourceRevisions().getFirst().revisionId());
    assertTrue(newest.trigger().triggerDetail().contains("\"pullRequestId\":\"7\""));
    lab.git.push("feature", "docs/readme");
    lab.git.pull("pullRequestSourceBranchUpdated", "Open", "feature", "main");
    assertEquals(2, started(), "no file of the filter was changed");
  }

  @Test
  void refusesTriggersThatCannotWork() {
    refused("sourceActionName", push(branches(List.of("a"), null)).sourceActionName("Nobody"));
    refused("no criteria", push(GitPushFilter.builder().build()));
    refused("no glob", push(branches(List.of("{a"), null)));
    refused("includes or excludes", push(branches(null, null)));
    refused(
        "combined",
        push(
            GitPushFilter.builder()
                .branches(new GitBranchFilterCriteria(List.of("a"), null))
                .tags(new GitTagFilterCriteria(List.of("a"), null))
                .build()));
    refused(
        "no criteria",
        GitConfiguration.builder()
            .sourceActionName("Code")
            .pullRequest(List.of(GitPullRequestFilter.builder().build())));
    var v1 =
        assertThrows(
            AwsException.class,
            () ->
                lab.create(
                    triggered(push(branches(List.of("a"), null)))
                        .pipelineType("V1")
                        .executionMode(null)));
    assertEquals("InvalidStructureException", v1.code());
  }

  private void refused(String why, GitConfiguration.Builder git) {
    var e = assertThrows(AwsException.class, () -> lab.create(triggered(git)));
    assertEquals("InvalidStructureException", e.code());
    assertTrue(e.message().contains(why), e.message());
  }
}
