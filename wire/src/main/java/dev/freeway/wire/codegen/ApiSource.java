package dev.freeway.wire.codegen;

import dev.freeway.wire.model.JavaNames;
import dev.freeway.wire.model.OperationModel;
import dev.freeway.wire.model.ServiceModel;
import java.util.Collection;

/// The operations of a service as constants, and the model they come from.
final class ApiSource {
  private ApiSource() {}

  static String className(String service) {
    return JavaNames.className(service) + "Api";
  }

  static String of(
      String pkg, ServiceModel model, Collection<OperationModel> operations, boolean whole) {
    String name = className(model.name());
    StringBuilder out = new StringBuilder();
    out.append("package ").append(pkg).append(";\n\nimport dev.freeway.wire.Operation;\n\n");
    out.append("/// Operations of ").append(model.metadata().serviceId()).append(". Generated.\n");
    out.append("public final class ")
        .append(name)
        .append(" {\n  private ")
        .append(name)
        .append("() {}\n\n");
    out.append("  public static final String SERVICE = \"").append(model.name()).append("\";\n\n");
    if (whole) {
      info(out, model.metadata());
    }
    for (OperationModel o : operations) {
      String in = JavaTypes.of(pkg, o.input());
      String result = JavaTypes.of(pkg, o.output());
      out.append("  public static final Operation<")
          .append(in)
          .append(", ")
          .append(result)
          .append("> ");
      out.append(JavaNames.constant(o.name()))
          .append(" =\n      new Operation<>(SERVICE, \"")
          .append(o.name());
      out.append("\", ").append(in).append(".class, ").append(result).append(".class);\n\n");
    }
    if (whole) {
      out.append("  /// Read from the JSON beside this class on first use.\n");
      out.append(
          "  public static dev.freeway.wire.model.ServiceModel model() {\n    return Holder.MODEL;\n  }\n\n");
      out.append("  private static final class Holder {\n");
      out.append("    static final dev.freeway.wire.model.ServiceModel MODEL =\n        ");
      out.append("dev.freeway.wire.model.ModelReader.resource(")
          .append(name)
          .append(".class, SERVICE);\n  }\n");
    }
    return out.append("}\n").toString();
  }

  private static void info(StringBuilder out, ServiceModel.Metadata m) {
    out.append("  public static final dev.freeway.wire.model.ServiceInfo INFO =\n");
    out.append("      new dev.freeway.wire.model.ServiceInfo(SERVICE, \"")
        .append(m.serviceId())
        .append("\", \"");
    out.append(m.protocol())
        .append("\", ")
        .append(m.targetPrefix() == null ? "null" : "\"" + m.targetPrefix() + "\"");
    out.append(", \"")
        .append(m.signingName())
        .append("\", \"")
        .append(m.apiVersion())
        .append("\");\n\n");
  }
}
