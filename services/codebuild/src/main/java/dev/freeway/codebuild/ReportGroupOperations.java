package dev.freeway.codebuild;

import dev.freeway.codebuild.api.*;
import dev.freeway.platform.Call;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Store;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Report groups: create, update, get, list, delete.
record ReportGroupOperations(Store store, ReportStore reports) {

  CreateReportGroupOutput create(Call call, CreateReportGroupInput in) {
    ReportGroup group =
        ReportGroup.builder()
            .arn(call.arn("codebuild", "report-group/" + in.name()).toString())
            .name(in.name())
            .type(in.type())
            .exportConfig(checked(in.exportConfig()))
            .created(call.at())
            .lastModified(call.at())
            .tags(in.tags() == null ? List.of() : in.tags())
            .status("ACTIVE")
            .build();
    store.update(
        tx -> {
          if (reports.group(tx, call.scope(), in.name()).isPresent()) {
            throw CodebuildErrors.resourceAlreadyExistsException(
                "Report group already exists: " + group.arn());
          }
          reports.save(tx, call.scope(), group);
        });
    return CreateReportGroupOutput.builder().reportGroup(group).build();
  }

  private static ReportExportConfig checked(ReportExportConfig config) {
    if (config.exportConfigType() == null) {
      throw CodebuildErrors.invalidInputException("Export config type must be specified");
    }
    if (config.exportConfigType().equals("S3")
        && (config.s3Destination() == null || config.s3Destination().bucket() == null)) {
      throw CodebuildErrors.invalidInputException(
          "S3 destination with a bucket must be specified for export config type S3");
    }
    return config;
  }

  ReportGroup require(ReadTx tx, Call call, String arn) {
    return reports
        .group(tx, call.scope(), arn)
        .orElseThrow(
            () ->
                CodebuildErrors.resourceNotFoundException("Report group cannot be found: " + arn));
  }

  UpdateReportGroupOutput update(Call call, UpdateReportGroupInput in) {
    ReportGroup after =
        store.write(
            tx -> {
              ReportGroup before = require(tx, call, in.arn());
              ReportGroup changed =
                  before.toBuilder()
                      .exportConfig(
                          in.exportConfig() == null
                              ? before.exportConfig()
                              : checked(in.exportConfig()))
                      .tags(in.tags() == null ? before.tags() : in.tags())
                      .lastModified(call.at())
                      .build();
              reports.save(tx, call.scope(), changed);
              return changed;
            });
    return UpdateReportGroupOutput.builder().reportGroup(after).build();
  }

  BatchGetReportGroupsOutput get(Call call, BatchGetReportGroupsInput in) {
    List<ReportGroup> found = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    for (String arn : in.reportGroupArns()) {
      store
          .read(tx -> reports.group(tx, call.scope(), arn))
          .ifPresentOrElse(found::add, () -> missing.add(arn));
    }
    return BatchGetReportGroupsOutput.builder()
        .reportGroups(found)
        .reportGroupsNotFound(missing)
        .build();
  }

  ListReportGroupsOutput list(Call call, ListReportGroupsInput in) {
    List<ReportGroup> all = new ArrayList<>(store.read(tx -> reports.groups(tx, call.scope())));
    all.sort(
        switch (in.sortBy() == null ? "NAME" : in.sortBy()) {
          case "CREATED_TIME" -> Comparator.comparing(ReportGroup::created);
          case "LAST_MODIFIED_TIME" -> Comparator.comparing(ReportGroup::lastModified);
          default -> Comparator.comparing(ReportGroup::name);
        });
    var page = Pages.of(all, in.sortOrder(), in.nextToken(), in.maxResults());
    return ListReportGroupsOutput.builder()
        .reportGroups(page.map(ReportGroup::arn))
        .nextToken(page.nextToken())
        .build();
  }

  /// A group with reports is deleted with them or not at all.
  DeleteReportGroupOutput delete(Call call, DeleteReportGroupInput in) {
    store.update(
        tx -> {
          var group = reports.group(tx, call.scope(), in.arn());
          if (group.isEmpty()) {
            return;
          }
          List<Report> of = reports.ofGroup(tx, call.scope(), group.get().arn());
          if (!of.isEmpty() && !Boolean.TRUE.equals(in.deleteReports())) {
            throw CodebuildErrors.invalidInputException(
                "Report group cannot be deleted because it contains reports: " + in.arn());
          }
          of.forEach(r -> reports.delete(tx, call.scope(), r));
          reports.deleteGroup(tx, call.scope(), group.get());
        });
    return DeleteReportGroupOutput.builder().build();
  }
}
