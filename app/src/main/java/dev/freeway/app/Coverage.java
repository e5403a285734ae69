package dev.freeway.app;

import dev.freeway.platform.Omissions;
import dev.freeway.platform.Service;
import dev.freeway.platform.ServiceRegistry;
import dev.freeway.wire.model.OperationModel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// `docs/coverage.md`: each service's model minus its handlers.
final class Coverage {
  private static final int WIDTH = 116;

  private Coverage() {}

  static String of(ServiceRegistry registry) {
    StringBuilder table = new StringBuilder();
    StringBuilder lists = new StringBuilder();
    List<ServiceRegistry.Entry> entries = new ArrayList<>(registry.all());
    entries.sort(java.util.Comparator.comparing(e -> e.service().info().name()));
    for (ServiceRegistry.Entry e : entries) {
      Set<String> handled = e.operations().names();
      List<String> there = new ArrayList<>();
      List<String> missing = new ArrayList<>();
      for (OperationModel o : e.service().model().operations()) {
        (handled.contains(o.name()) ? there : missing).add(o.name());
      }
      String name = e.service().info().name();
      int all = there.size() + missing.size();
      table
          .append("| [")
          .append(name)
          .append("](#")
          .append(name)
          .append(") | ")
          .append(there.size())
          .append(" | ")
          .append(all)
          .append(" |\n");
      lists.append("\n## ").append(name).append("\n\nAnswered:\n\n").append(wrapped(there));
      lists
          .append("\nNot answered:\n\n")
          .append(missing.isEmpty() ? "nothing\n" : reasons(e.service(), missing));
    }
    return "# Coverage\n\nGenerated from the services' models and handlers by `tools/coverage.sh`; a test fails when it is stale.\n"
        + "An operation that is not answered gets a client error that says so, never an invented success. What the answered\n"
        + "ones really do, and what they do not, is in each service's README.\n\n"
        + "| service | operations answered | in AWS's model |\n| --- | ---: | ---: |\n"
        + table
        + lists;
  }

  /// Those left out for a reason, by reason; then those not built yet.
  private static String reasons(Service service, List<String> missing) {
    Omissions omissions = Omissions.of(service.getClass());
    Map<String, List<String>> byReason = new LinkedHashMap<>();
    List<String> others = new ArrayList<>();
    for (String name : missing) {
      omissions
          .reason(name)
          .map(r -> byReason.computeIfAbsent(r, k -> new ArrayList<>()))
          .orElse(others)
          .add(name);
    }
    StringBuilder out = new StringBuilder();
    byReason.forEach((reason, names) -> out.append(wrapped("- " + reason + ":", names)));
    if (!others.isEmpty()) {
      out.append(byReason.isEmpty() ? wrapped(others) : wrapped("- not built yet:", others));
    }
    return out.toString();
  }

  private static String wrapped(String title, List<String> names) {
    List<String> words = new ArrayList<>(List.of(title.split(" ")));
    words.addAll(names);
    return wrapped(words).replace("\n", "\n  ").stripTrailing() + "\n";
  }

  private static String wrapped(List<String> names) {
    StringBuilder out = new StringBuilder();
    int column = 0;
    for (String name : names) {
      if (column + name.length() + 1 > WIDTH) {
        out.append('\n');
        column = 0;
      }
      out.append(column == 0 ? "" : " ").append(name);
      column += name.length() + 1;
    }
    return out.append('\n').toString();
  }
}
