package dev.freeway.wire.codegen;

import dev.freeway.wire.model.JavaNames;
import dev.freeway.wire.model.StructureShape;
import java.util.Collection;

/// The modelled errors of a service: a factory each, with the code and status of the model.
final class ErrorsSource {
  private ErrorsSource() {}

  static String className(String service) {
    return JavaNames.className(service) + "Errors";
  }

  static String of(String pkg, String service, Collection<StructureShape> errors) {
    String name = className(service);
    StringBuilder out = new StringBuilder();
    out.append("package ").append(pkg).append(";\n\nimport dev.freeway.wire.AwsException;\n\n");
    out.append("/// Modelled errors. Generated.\npublic final class ").append(name);
    out.append(" {\n  private ").append(name).append("() {}\n");
    for (StructureShape e : errors) {
      var trait = e.error() == null ? new StructureShape.ErrorTrait(e.name(), 400) : e.error();
      out.append("\n  public static AwsException ").append(JavaNames.component(e.name()));
      out.append("(java.lang.String message) {\n    return AwsException.of(\"")
          .append(trait.code());
      out.append("\", ").append(trait.status()).append(", message)");
      if (!trait.code().equals(e.name())) {
        out.append(".shaped(\"").append(e.name()).append("\")");
      }
      out.append(";\n  }\n");
    }
    return out.append("}\n").toString();
  }
}
