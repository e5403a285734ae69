package dev.freeway.telemetry.math;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// A metric math expression. See "Using math expressions with CloudWatch metrics" in its user
/// guide.
public final class Expression {
  private static final Set<String> WORDS =
      Set.of("REPEAT", "LINEAR", "AVG", "MIN", "MAX", "SUM", "ASC", "DESC");

  private final Node root;

  private Expression(Node root) {
    this.root = root;
  }

  /// @throws MathException it is none
  public static Expression parse(String text) {
    Expression e = new Expression(Parser.parse(text));
    e.functions().forEach(Functions::require);
    return e;
  }

  /// @throws MathException it has no value
  public Value value(Names names) {
    return value(root, names);
  }

  private static Value value(Node node, Names names) {
    return switch (node) {
      case Node.Number n -> new Value.Scalar(n.value());
      case Node.Text t -> new Value.Text(t.text());
      case Node.Name n -> WORDS.contains(n.id()) ? new Value.Text(n.id()) : names.get(n.id());
      case Node.Negative n -> Operators.apply("*", new Value.Scalar(-1), value(n.of(), names));
      case Node.Binary b ->
          Operators.apply(b.operator(), value(b.left(), names), value(b.right(), names));
      case Node.Array a -> array(a, names);
      case Node.Function f ->
          Functions.apply(
              f.name(), f.arguments().stream().map(n -> value(n, names)).toList(), names);
    };
  }

  private static Value array(Node.Array a, Names names) {
    List<TimeSeries> all = new ArrayList<>();
    for (Node n : a.items()) {
      switch (value(n, names)) {
        case Value.One o -> all.add(o.series());
        case Value.Many m -> all.addAll(m.series());
        case Value.Scalar s -> all.add(names.grid().constant(s.number()));
        case Value.Text _ -> throw new MathException("A string cannot be in an array");
      }
    }
    return new Value.Many(all);
  }

  /// The ids it refers to.
  public Set<String> names() {
    Set<String> all = new TreeSet<>();
    walk(root, new TreeSet<>(), all);
    all.removeAll(WORDS);
    return all;
  }

  private Set<String> functions() {
    Set<String> all = new TreeSet<>();
    walk(root, all, new TreeSet<>());
    return all;
  }

  private static void walk(Node node, Set<String> functions, Set<String> names) {
    switch (node) {
      case Node.Number _, Node.Text _ -> {}
      case Node.Name n -> names.add(n.id());
      case Node.Negative n -> walk(n.of(), functions, names);
      case Node.Binary b -> {
        walk(b.left(), functions, names);
        walk(b.right(), functions, names);
      }
      case Node.Array a -> a.items().forEach(n -> walk(n, functions, names));
      case Node.Function f -> {
        functions.add(f.name());
        f.arguments().forEach(n -> walk(n, functions, names));
      }
    }
  }
}
