package dev.freeway.logs;

import dev.freeway.logs.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Ids;
import dev.freeway.platform.Page;
import dev.freeway.store.Key;
import dev.freeway.store.Row;
import dev.freeway.store.Store;
import dev.freeway.store.Table;
import java.util.List;

/// Saved Insights queries. They are kept; queries themselves are not run yet.
final class QueryDefinitions {
  private static final int PAGE = 1000;
  private static final Table<QueryDefinition> TABLE =
      new Table<>("logs_query_definitions", QueryDefinition.class);

  private final Store store;

  QueryDefinitions(Store store) {
    this.store = store;
  }

  /// With an id: replaces that one.
  PutQueryDefinitionResponse put(Call call, PutQueryDefinitionRequest in) {
    String id = in.queryDefinitionId() == null ? Ids.uuid() : in.queryDefinitionId();
    store.update(
        tx -> {
          if (in.queryDefinitionId() != null && !tx.contains(TABLE, call.key(id))) {
            throw LogsErrors.resourceNotFoundException("The query definition does not exist.");
          }
          tx.put(
              TABLE,
              call.key(id),
              QueryDefinition.builder()
                  .queryDefinitionId(id)
                  .name(in.name())
                  .queryString(in.queryString())
                  .queryLanguage(in.queryLanguage() == null ? "CWLI" : in.queryLanguage())
                  .logGroupNames(in.logGroupNames() == null ? List.of() : in.logGroupNames())
                  .parameters(in.parameters())
                  .lastModified(call.at().toEpochMilli())
                  .build());
        });
    return PutQueryDefinitionResponse.builder().queryDefinitionId(id).build();
  }

  DescribeQueryDefinitionsResponse describe(Call call, DescribeQueryDefinitionsRequest in) {
    String prefix = in.queryDefinitionNamePrefix() == null ? "" : in.queryDefinitionNamePrefix();
    List<QueryDefinition> found =
        store.read(tx -> tx.scan(TABLE, Key.prefix(call.account(), call.region()))).stream()
            .map(Row::value)
            .filter(q -> q.name().startsWith(prefix))
            .filter(q -> in.queryLanguage() == null || in.queryLanguage().equals(q.queryLanguage()))
            .toList();
    var page =
        Page.of(
            found,
            QueryDefinition::queryDefinitionId,
            in.nextToken(),
            in.maxResults(),
            PAGE,
            GroupOperations.badToken());
    return DescribeQueryDefinitionsResponse.builder()
        .queryDefinitions(page.items())
        .nextToken(page.nextToken())
        .build();
  }

  DeleteQueryDefinitionResponse delete(Call call, DeleteQueryDefinitionRequest in) {
    boolean was = store.write(tx -> tx.delete(TABLE, call.key(in.queryDefinitionId())));
    if (!was) {
      throw LogsErrors.resourceNotFoundException("The query definition does not exist.");
    }
    return DeleteQueryDefinitionResponse.builder().success(true).build();
  }
}
