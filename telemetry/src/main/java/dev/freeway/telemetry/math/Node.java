package dev.freeway.telemetry.math;

import java.util.List;

/// A part of a parsed expression.
sealed interface Node {
  record Number(double value) implements Node {}

  record Text(String text) implements Node {}

  record Name(String id) implements Node {}

  record Negative(Node of) implements Node {}

  record Binary(String operator, Node left, Node right) implements Node {}

  record Function(String name, List<Node> arguments) implements Node {}

  record Array(List<Node> items) implements Node {}
}
