package dev.freeway.wire.codegen;

import dev.freeway.wire.model.JavaNames;
import dev.freeway.wire.model.Member;
import dev.freeway.wire.model.StructureShape;
import java.util.List;
import java.util.stream.Collectors;

/// A structure as a record with a builder. Every component may be null: not set is a value on the
/// wire.
final class RecordSource {
  private RecordSource() {}

  static String className(StructureShape shape) {
    return JavaNames.className(shape.name());
  }

  static String of(String pkg, StructureShape shape) {
    String name = className(shape);
    List<Member> members = shape.members();
    String components =
        members.stream()
            .map(m -> "\n    " + JavaTypes.of(pkg, m) + " " + JavaNames.component(m.name()))
            .collect(Collectors.joining(","));
    StringBuilder out = new StringBuilder();
    out.append("package ").append(pkg).append(";\n\n");
    out.append("/// `").append(shape.name()).append("` of the service model. Generated.\n");
    out.append("public record ").append(name).append("(").append(components);
    out.append(") implements dev.freeway.wire.Structure {\n\n");
    member(out, members);
    out.append("\n  public static Builder builder() {\n    return new Builder();\n  }\n\n");
    out.append("  public Builder toBuilder() {\n    Builder b = new Builder();\n");
    for (Member m : members) {
      String c = JavaNames.component(m.name());
      out.append("    b.").append(c).append(" = ").append(c).append(";\n");
    }
    out.append("    return b;\n  }\n\n");
    builder(out, pkg, name, members);
    return out.append("}\n").toString();
  }

  private static void member(StringBuilder out, List<Member> members) {
    out.append("  @Override\n  public java.lang.Object member(int index) {\n");
    if (members.isEmpty()) {
      out.append("    throw new IndexOutOfBoundsException(index);\n  }\n");
      return;
    }
    out.append("    return switch (index) {\n");
    for (Member m : members) {
      out.append("      case ").append(m.index()).append(" -> ");
      out.append(JavaNames.component(m.name())).append(";\n");
    }
    out.append("      default -> throw new IndexOutOfBoundsException(index);\n    };\n  }\n");
  }

  private static void builder(StringBuilder out, String pkg, String name, List<Member> members) {
    out.append("  public static final class Builder {\n");
    for (Member m : members) {
      out.append("    private ").append(JavaTypes.of(pkg, m)).append(' ');
      out.append(JavaNames.component(m.name())).append(";\n");
    }
    out.append("\n    private Builder() {}\n\n");
    for (Member m : members) {
      String c = JavaNames.component(m.name());
      out.append("    public Builder ")
          .append(c)
          .append('(')
          .append(JavaTypes.of(pkg, m))
          .append(" value) {\n");
      out.append("      this.").append(c).append(" = value;\n      return this;\n    }\n\n");
    }
    out.append("    public ")
        .append(name)
        .append(" build() {\n      return new ")
        .append(name)
        .append('(');
    out.append(
        members.stream().map(m -> JavaNames.component(m.name())).collect(Collectors.joining(", ")));
    out.append(");\n    }\n  }\n");
  }
}
