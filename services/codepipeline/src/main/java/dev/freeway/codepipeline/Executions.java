package dev.freeway.codepipeline;

import dev.freeway.codepipeline.api.CodepipelineErrors;
import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// Storage of executions and of the runs of their actions. Executions that are not over are listed
/// apart, so that scheduling costs the same whatever the length of the history.
final class Executions {
  private static final int PAGE = 50;
  private static final Table<Execution> EXECUTIONS =
      new Table<>("codepipeline_executions", Execution.class);
  private static final Table<Number> NUMBERS =
      new Table<>("codepipeline_execution_ids", Number.class);
  private static final Table<Number> ACTIVE = new Table<>("codepipeline_active", Number.class);
  private static final Table<ActionRun> RUNS =
      new Table<>("codepipeline_action_runs", ActionRun.class);

  private static final Table<ActionRun> RULES =
      new Table<>("codepipeline_rule_runs", ActionRun.class);

  record Number(long number) {}

  private final Pipelines pipelines;

  Executions(Pipelines pipelines) {
    this.pipelines = pipelines;
  }

  long nextNumber(Tx tx, Pipeline pipeline) {
    return tx.next("codepipeline/" + pipeline.arn());
  }

  void save(Tx tx, Pipeline pipeline, Execution execution) {
    Number number = new Number(execution.number());
    String key = key(pipeline, execution.number());
    tx.put(EXECUTIONS, key, execution);
    tx.put(NUMBERS, pipeline.scope().key(pipeline.name(), execution.id()), number);
    if (execution.status().over()) {
      tx.delete(ACTIVE, key);
    } else {
      tx.put(ACTIVE, key, number);
    }
  }

  Optional<Execution> find(ReadTx tx, Pipeline pipeline, String id) {
    return tx.get(NUMBERS, pipeline.scope().key(pipeline.name(), id))
        .flatMap(n -> byNumber(tx, pipeline, n.number()));
  }

  Execution require(ReadTx tx, Pipeline pipeline, String id) {
    return find(tx, pipeline, id)
        .orElseThrow(
            () ->
                CodepipelineErrors.pipelineExecutionNotFoundException(
                    "Pipeline '"
                        + pipeline.name()
                        + "' does not have an execution with ID '"
                        + id
                        + "'"));
  }

  Optional<Execution> byNumber(ReadTx tx, Pipeline pipeline, long number) {
    return tx.get(EXECUTIONS, key(pipeline, number)).map(e -> attached(tx, pipeline, e));
  }

  private Execution attached(ReadTx tx, Pipeline pipeline, Execution e) {
    return e.declaration() != null
        ? e
        : e.attach(pipelines.version(tx, pipeline, e.version()).orElseThrow());
  }

  /// Those that are not over, oldest first.
  List<Execution> active(ReadTx tx, Pipeline pipeline) {
    return tx.scan(ACTIVE, prefix(pipeline)).stream()
        .map(row -> byNumber(tx, pipeline, row.value().number()).orElseThrow())
        .toList();
  }

  /// The newest first.
  List<Execution> newest(ReadTx tx, Pipeline pipeline, int limit) {
    return tx.scanBackward(EXECUTIONS, prefix(pipeline), "", limit).stream()
        .map(row -> attached(tx, pipeline, row.value()))
        .toList();
  }

  /// The newest of which something holds.
  Optional<Execution> latest(ReadTx tx, Pipeline pipeline, Predicate<Execution> holds) {
    String before = "";
    while (true) {
      List<Row<Execution>> page = tx.scanBackward(EXECUTIONS, prefix(pipeline), before, PAGE);
      for (Row<Execution> row : page) {
        if (holds.test(row.value())) {
          return Optional.of(attached(tx, pipeline, row.value()));
        }
      }
      if (page.size() < PAGE) {
        return Optional.empty();
      }
      before = page.getLast().key();
    }
  }

  void save(Tx tx, Pipeline pipeline, ActionRun run) {
    tx.put(RuleActions.is(run) ? RULES : RUNS, runKey(pipeline, run), run);
  }

  /// The run of an action or of a rule.
  Optional<ActionRun> run(ReadTx tx, String key) {
    return tx.get(RUNS, key).or(() -> tx.get(RULES, key));
  }

  /// Runs of rules of an execution.
  List<ActionRun> rules(ReadTx tx, Pipeline pipeline, Execution execution) {
    return tx.scan(RULES, Key.prefix(Key.parts(key(pipeline, execution.number())))).stream()
        .map(Row::value)
        .toList();
  }

  /// All runs of an execution, in the order they started.
  List<ActionRun> runs(ReadTx tx, Pipeline pipeline, Execution execution) {
    return tx.scan(RUNS, Key.prefix(Key.parts(key(pipeline, execution.number())))).stream()
        .map(Row::value)
        .sorted(java.util.Comparator.comparing(ActionRun::started))
        .toList();
  }

  void deleteAll(Tx tx, Pipeline pipeline) {
    tx.deletePrefix(EXECUTIONS, prefix(pipeline));
    tx.deletePrefix(NUMBERS, prefix(pipeline));
    tx.deletePrefix(ACTIVE, prefix(pipeline));
    tx.deletePrefix(RUNS, prefix(pipeline));
    tx.deletePrefix(RULES, prefix(pipeline));
  }

  static String runKey(Pipeline pipeline, ActionRun run) {
    return pipeline.scope().key(pipeline.name(), Key.number(run.executionNumber()), run.id());
  }

  private static String prefix(Pipeline pipeline) {
    return Key.prefix(pipeline.scope().account(), pipeline.scope().region(), pipeline.name());
  }

  private static String key(Pipeline pipeline, long number) {
    return pipeline.scope().key(pipeline.name(), Key.number(number));
  }
}
