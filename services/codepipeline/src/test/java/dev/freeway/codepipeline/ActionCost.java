package dev.freeway.codepipeline;

import dev.freeway.codepipeline.api.ActionDeclaration;
import dev.freeway.codepipeline.api.StageDeclaration;
import java.util.stream.IntStream;

/// Measures what an action costs in a large pipeline. Run by hand: stages, actions a stage, and how
/// many executions wait in its queue.
///
/// The actions copy a small file, so nearly all of the time is the pipeline's own.
final class ActionCost {
  private ActionCost() {}

  public static void main(String[] args) {
    // Warm, then what is asked for.
    measure(5, 10, 0, false);
    measure(Integer.parseInt(args[0]), Integer.parseInt(args[1]), Integer.parseInt(args[2]), true);
  }

  private static void measure(int stages, int width, int queue, boolean print) {
    try (Lab lab = new Lab()) {
      StageDeclaration[] all =
          IntStream.range(0, stages)
              .mapToObj(s -> s == 0 ? Lab.source() : stage(s, width))
              .toArray(StageDeclaration[]::new);
      // The first is made while nothing runs: the queue fills up behind it.
      lab.createOnly(Lab.pipeline(all));
      for (int i = 0; i < queue; i++) {
        lab.startOnly();
      }
      long begin = System.nanoTime();
      lab.node.run();
      double millis = (System.nanoTime() - begin) / 1e6;
      int actions = ((stages - 1) * width + 1) * (queue + 1);
      long succeeded =
          lab.executions().stream().filter(e -> e.status().equals("Succeeded")).count();
      if (print) {
        System.out.printf(
            "%d stages x %d actions, %d executions (%d succeeded): %d actions in %.0f ms, %.2f ms each%n",
            stages, width, queue + 1, succeeded, actions, millis, millis / actions);
      }
    }
  }

  private static StageDeclaration stage(int s, int width) {
    return Lab.stage(
        "Stage" + s,
        IntStream.range(0, width)
            .mapToObj(a -> Lab.deploy("Action" + a, "artifacts"))
            .toArray(ActionDeclaration[]::new));
  }
}
