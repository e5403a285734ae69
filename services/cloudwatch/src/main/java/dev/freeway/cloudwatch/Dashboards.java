package dev.freeway.cloudwatch;

import dev.freeway.cloudwatch.api.CloudwatchErrors;
import dev.freeway.cloudwatch.api.DashboardEntry;
import dev.freeway.cloudwatch.api.DashboardValidationMessage;
import dev.freeway.cloudwatch.api.DeleteDashboardsInput;
import dev.freeway.cloudwatch.api.DeleteDashboardsOutput;
import dev.freeway.cloudwatch.api.GetDashboardInput;
import dev.freeway.cloudwatch.api.GetDashboardOutput;
import dev.freeway.cloudwatch.api.ListDashboardsInput;
import dev.freeway.cloudwatch.api.ListDashboardsOutput;
import dev.freeway.cloudwatch.api.PutDashboardInput;
import dev.freeway.cloudwatch.api.PutDashboardOutput;
import dev.freeway.platform.Arn;
import dev.freeway.platform.Call;
import dev.freeway.platform.Page;
import dev.freeway.platform.Scope;
import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Store;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Dashboards are an account's, in all regions.
final class Dashboards {
  private static final Table<Dashboard> TABLE =
      new Table<>("cloudwatch_dashboards", Dashboard.class);
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,255}");
  private static final int PAGE = 1000;

  record Dashboard(
      String account, String name, String body, Instant modified, Map<String, String> tags) {
    Dashboard {
      tags = tags == null ? Map.of() : Map.copyOf(tags);
    }

    String arn() {
      return Arn.of("cloudwatch", "", account, "dashboard/" + name).toString();
    }

    Dashboard withTags(Map<String, String> others) {
      return new Dashboard(account, name, body, modified, others);
    }
  }

  private final Store store;

  Dashboards(Store store) {
    this.store = store;
  }

  List<Dashboard> all(ReadTx tx, Scope scope) {
    return tx.scan(TABLE, Key.prefix(scope.account())).stream().map(Row::value).toList();
  }

  void save(Tx tx, Dashboard d) {
    tx.put(TABLE, Key.of(d.account(), d.name()), d);
  }

  PutDashboardOutput put(Call call, PutDashboardInput in) {
    if (!NAME.matcher(in.dashboardName()).matches()) {
      throw Refusals.value(
          "The value for field DashboardName contains invalid characters. It can only contain alphanumerics, dash (-) and underscore (_).");
    }
    Texts.check(in.dashboardBody(), "DashboardBody");
    List<DashboardValidationMessage> problems = problems(in.dashboardBody());
    if (!problems.isEmpty()) {
      throw CloudwatchErrors.dashboardInvalidInputError(
          "The dashboard body is invalid, there are "
              + problems.size()
              + " validation errors: "
              + problems.stream().map(p -> p.dataPath() + " " + p.message()).toList());
    }
    store.update(
        tx -> {
          Map<String, String> tags =
              tx.get(TABLE, Key.of(call.account(), in.dashboardName()))
                  .map(Dashboard::tags)
                  .orElseGet(() -> AlarmTags.map(in.tags()));
          save(
              tx,
              new Dashboard(
                  call.account(), in.dashboardName(), in.dashboardBody(), call.at(), tags));
        });
    return PutDashboardOutput.builder().dashboardValidationMessages(List.of()).build();
  }

  private static List<DashboardValidationMessage> problems(String body) {
    JsonNode root;
    try {
      root = JsonMapper.shared().readTree(body);
    } catch (JacksonException e) {
      return List.of(problem("", "The field is not valid JSON: " + e.getOriginalMessage()));
    }
    if (!root.isObject()) {
      return List.of(problem("", "The dashboard body must be a JSON object"));
    }
    JsonNode widgets = root.get("widgets");
    if (widgets == null) {
      return List.of(problem("", "Should have required property 'widgets'"));
    }
    if (!widgets.isArray()) {
      return List.of(problem("/widgets", "Should be array"));
    }
    for (int i = 0; i < widgets.size(); i++) {
      if (!widgets.get(i).path("type").isString()) {
        return List.of(problem("/widgets/" + i, "Should have required property 'type'"));
      }
    }
    return List.of();
  }

  private static DashboardValidationMessage problem(String path, String message) {
    return DashboardValidationMessage.builder().dataPath(path).message(message).build();
  }

  GetDashboardOutput get(Call call, GetDashboardInput in) {
    Dashboard d = store.read(tx -> require(tx, call, in.dashboardName()));
    return GetDashboardOutput.builder()
        .dashboardArn(d.arn())
        .dashboardName(d.name())
        .dashboardBody(d.body())
        .build();
  }

  private static Dashboard require(ReadTx tx, Call call, String name) {
    if (NAME.matcher(name).matches()) {
      Dashboard found = tx.get(TABLE, Key.of(call.account(), name)).orElse(null);
      if (found != null) {
        return found;
      }
    }
    throw CloudwatchErrors.dashboardNotFoundError("Dashboard " + name + " does not exist");
  }

  ListDashboardsOutput list(Call call, ListDashboardsInput in) {
    String prefix = in.dashboardNamePrefix() == null ? "" : in.dashboardNamePrefix();
    List<Dashboard> found =
        store.read(tx -> all(tx, call.scope())).stream()
            .filter(d -> d.name().startsWith(prefix))
            .toList();
    var page =
        Page.of(
            found,
            Dashboard::name,
            in.nextToken(),
            null,
            PAGE,
            Refusals.value("The token is invalid."));
    return ListDashboardsOutput.builder()
        .dashboardEntries(
            page.map(
                d ->
                    DashboardEntry.builder()
                        .dashboardArn(d.arn())
                        .dashboardName(d.name())
                        .lastModified(d.modified())
                        .size((long) d.body().getBytes(StandardCharsets.UTF_8).length)
                        .build()))
        .nextToken(page.nextToken())
        .build();
  }

  /// All of them or none.
  DeleteDashboardsOutput delete(Call call, DeleteDashboardsInput in) {
    store.update(
        tx ->
            in.dashboardNames()
                .forEach(
                    name ->
                        tx.delete(TABLE, Key.of(call.account(), require(tx, call, name).name()))));
    return DeleteDashboardsOutput.builder().build();
  }
}
