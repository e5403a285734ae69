package dev.freeway.codebuild;

import dev.freeway.codebuild.api.*;
import dev.freeway.platform.Arn;
import dev.freeway.platform.Call;
import dev.freeway.platform.Ids;
import dev.freeway.platform.Scope;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Store;
import dev.freeway.store.Table;
import java.util.List;
import java.util.Objects;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Who else may see a project or a report group: resource policies, what is shared with this
/// account, visibility.
record Sharing(Store store, Projects projects, ReportStore reports) {
  private static final Table<Policy> POLICIES =
      new Table<>("codebuild_resource_policies", Policy.class);

  record Policy(String arn, String text) {}

  private void exists(ReadTx tx, String arn) {
    Arn a =
        Arn.parse(arn)
            .orElseThrow(
                () -> CodebuildErrors.invalidInputException("Invalid resource ARN: " + arn));
    Scope scope = new Scope(a.account(), a.region());
    boolean there =
        a.resource().startsWith("project/")
            ? projects.find(tx, scope, arn).isPresent()
            : a.resource().startsWith("report-group/") && reports.group(tx, scope, arn).isPresent();
    if (!there) {
      throw CodebuildErrors.resourceNotFoundException("Resource cannot be found: " + arn);
    }
  }

  PutResourcePolicyOutput put(Call call, PutResourcePolicyInput in) {
    try {
      if (!JsonMapper.shared().readTree(in.policy()).path("Statement").isContainer()) {
        throw CodebuildErrors.invalidInputException("Invalid resource policy: it has no Statement");
      }
    } catch (JacksonException e) {
      throw CodebuildErrors.invalidInputException("Invalid resource policy: it is not JSON");
    }
    store.update(
        tx -> {
          exists(tx, in.resourceArn());
          tx.put(POLICIES, in.resourceArn(), new Policy(in.resourceArn(), in.policy()));
        });
    return PutResourcePolicyOutput.builder().resourceArn(in.resourceArn()).build();
  }

  GetResourcePolicyOutput get(Call call, GetResourcePolicyInput in) {
    Policy policy =
        store.read(
            tx -> {
              exists(tx, in.resourceArn());
              return tx.get(POLICIES, in.resourceArn())
                  .orElseThrow(
                      () ->
                          CodebuildErrors.resourceNotFoundException(
                              "Resource policy cannot be found for " + in.resourceArn()));
            });
    return GetResourcePolicyOutput.builder().policy(policy.text()).build();
  }

  DeleteResourcePolicyOutput delete(Call call, DeleteResourcePolicyInput in) {
    store.update(tx -> tx.delete(POLICIES, in.resourceArn()));
    return DeleteResourcePolicyOutput.builder().build();
  }

  /// ARNs of another account's resources whose policy names this account.
  private List<String> shared(Call call, String kind) {
    return store.read(tx -> tx.scan(POLICIES, "")).stream()
        .map(r -> r.value())
        .filter(p -> p.arn().contains(":" + kind + "/"))
        .filter(p -> !Arn.parse(p.arn()).orElseThrow().account().equals(call.account()))
        .filter(p -> Arn.parse(p.arn()).orElseThrow().region().equals(call.region()))
        .filter(p -> names(p.text(), call.account()))
        .map(Policy::arn)
        .toList();
  }

  private static boolean names(String policy, String account) {
    for (JsonNode statement : JsonMapper.shared().readTree(policy).path("Statement")) {
      JsonNode who = statement.path("Principal").path("AWS");
      List<JsonNode> all = who.isArray() ? who.valueStream().toList() : List.of(who);
      boolean named =
          all.stream()
              .map(n -> n.asString(""))
              .anyMatch(t -> t.equals(account) || t.startsWith("arn:aws:iam::" + account + ":"));
      if (named && statement.path("Effect").asString("").equals("Allow")) {
        return true;
      }
    }
    return false;
  }

  ListSharedProjectsOutput projects(Call call, ListSharedProjectsInput in) {
    var page = Pages.of(shared(call, "project"), in.sortOrder(), in.nextToken(), in.maxResults());
    return ListSharedProjectsOutput.builder()
        .projects(page.items())
        .nextToken(page.nextToken())
        .build();
  }

  ListSharedReportGroupsOutput reportGroups(Call call, ListSharedReportGroupsInput in) {
    var page =
        Pages.of(shared(call, "report-group"), in.sortOrder(), in.nextToken(), in.maxResults());
    return ListSharedReportGroupsOutput.builder()
        .reportGroups(page.items())
        .nextToken(page.nextToken())
        .build();
  }

  UpdateProjectVisibilityOutput visibility(Call call, UpdateProjectVisibilityInput in) {
    Project after =
        store.write(
            tx -> {
              Project before = projects.require(tx, call.scope(), in.projectArn());
              boolean open = in.projectVisibility().equals("PUBLIC_READ");
              String alias = Objects.requireNonNullElseGet(before.publicProjectAlias(), Ids::uuid);
              Project changed =
                  before.toBuilder()
                      .projectVisibility(in.projectVisibility())
                      .publicProjectAlias(open ? alias : null)
                      .resourceAccessRole(
                          open
                              ? StartBuild.or(in.resourceAccessRole(), before.resourceAccessRole())
                              : null)
                      .build();
              projects.save(tx, call.scope(), changed);
              return changed;
            });
    return UpdateProjectVisibilityOutput.builder()
        .projectArn(after.arn())
        .projectVisibility(after.projectVisibility())
        .publicProjectAlias(after.publicProjectAlias())
        .build();
  }
}
