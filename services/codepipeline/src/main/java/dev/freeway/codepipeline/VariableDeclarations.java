package dev.freeway.codepipeline;

import dev.freeway.codepipeline.api.ActionDeclaration;
import dev.freeway.codepipeline.api.CodepipelineErrors;
import dev.freeway.codepipeline.api.PipelineDeclaration;
import dev.freeway.codepipeline.api.PipelineVariableDeclaration;
import dev.freeway.codepipeline.api.StageDeclaration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.stream.Stream;

/// Variables of a declaration: unique names and namespaces, and no reference to what no earlier
/// action exports.
final class VariableDeclarations {
  private static final String OF_PIPELINE = "variables";

  private VariableDeclarations() {}

  static void check(PipelineDeclaration p) {
    Set<String> names = new HashSet<>();
    if (p.variables() != null) {
      for (PipelineVariableDeclaration v : p.variables()) {
        if (!names.add(v.name())) {
          throw CodepipelineErrors.invalidStructureException(
              "Pipeline variable names must be unique within a pipeline: " + v.name());
        }
      }
    }
    Set<String> known = new HashSet<>(Set.of("codepipeline", OF_PIPELINE));
    Set<String> taken = new HashSet<>();
    for (StageDeclaration stage : p.stages()) {
      rules(stage, StageConditions.BEFORE_ENTRY, known, names);
      TreeMap<Integer, List<ActionDeclaration>> turns = new TreeMap<>();
      stage
          .actions()
          .forEach(a -> turns.merge(Pipeline.runOrder(a), List.of(a), VariableDeclarations::both));
      for (List<ActionDeclaration> actions : turns.values()) {
        actions.forEach(a -> references(a, known, names));
        actions.stream()
            .filter(a -> a.namespace() != null)
            .forEach(
                a -> {
                  if (!taken.add(a.namespace())) {
                    throw CodepipelineErrors.invalidActionDeclarationException(
                        "Namespaces must be unique within a pipeline: '"
                            + a.namespace()
                            + "' of action '"
                            + a.name()
                            + "' has been used more than once");
                  }
                });
        known.addAll(taken);
      }
      rules(stage, StageConditions.ON_SUCCESS, known, names);
      rules(stage, StageConditions.ON_FAILURE, known, names);
    }
  }

  private static void rules(
      StageDeclaration stage, String when, Set<String> known, Set<String> variables) {
    StageConditions.rules(stage, when)
        .forEach(
            r ->
                references(
                    "Rule '" + r.name() + "' of stage '" + stage.name() + "'",
                    r.configuration() == null ? Stream.of() : r.configuration().values().stream(),
                    known,
                    variables));
  }

  private static List<ActionDeclaration> both(
      List<ActionDeclaration> a, List<ActionDeclaration> b) {
    return Stream.concat(a.stream(), b.stream()).toList();
  }

  private static void references(ActionDeclaration a, Set<String> known, Set<String> variables) {
    Stream<String> configured =
        a.configuration() == null ? Stream.of() : a.configuration().values().stream();
    Stream<String> environment =
        a.environmentVariables() == null
            ? Stream.of()
            : a.environmentVariables().stream().map(v -> v.value());
    references(
        "Action '" + a.name() + "'", Stream.concat(configured, environment), known, variables);
  }

  private static void references(
      String who, Stream<String> texts, Set<String> known, Set<String> variables) {
    texts.forEach(
        text -> {
          Matcher m = Variables.REFERENCE.matcher(text);
          while (m.find()) {
            boolean of = m.group(1).equals(OF_PIPELINE);
            if (!known.contains(m.group(1)) || of && !variables.contains(m.group(2))) {
              throw CodepipelineErrors.invalidActionDeclarationException(
                  who
                      + " refers to the variable "
                      + m.group()
                      + (of
                          ? ", which the pipeline does not declare"
                          : ", whose namespace no preceding action has"));
            }
          }
        });
  }
}
