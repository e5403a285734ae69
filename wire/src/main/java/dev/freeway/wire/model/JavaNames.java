package dev.freeway.wire.model;

import java.util.Set;

/// How names of a model become names in Java. The generator and the reader of generated types agree
/// by it.
public final class JavaNames {
  private static final Set<String> TAKEN =
      Set.of(
          "abstract",
          "assert",
          "boolean",
          "break",
          "byte",
          "case",
          "catch",
          "char",
          "class",
          "const",
          "continue",
          "default",
          "do",
          "double",
          "else",
          "enum",
          "extends",
          "final",
          "finally",
          "float",
          "for",
          "goto",
          "if",
          "implements",
          "import",
          "instanceof",
          "int",
          "interface",
          "long",
          "native",
          "new",
          "package",
          "private",
          "protected",
          "public",
          "return",
          "short",
          "static",
          "strictfp",
          "super",
          "switch",
          "synchronized",
          "this",
          "throw",
          "throws",
          "transient",
          "try",
          "void",
          "volatile",
          "while",
          "true",
          "false",
          "null",
          "clone",
          "finalize",
          "getClass",
          "hashCode",
          "notify",
          "notifyAll",
          "toString",
          "wait",
          "builder",
          "toBuilder");

  private JavaNames() {}

  public static String className(String shape) {
    return Character.toUpperCase(shape.charAt(0)) + shape.substring(1);
  }

  /// `KMSKeyId` → `kmsKeyId`, `ARN` → `arn`, `Name` → `name`.
  public static String component(String member) {
    String s = member.replaceAll("[^A-Za-z0-9_]", "_");
    int run = 0;
    while (run < s.length() && Character.isUpperCase(s.charAt(run))) {
      run++;
    }
    int lower =
        run <= 1 ? run : run == s.length() || !Character.isLowerCase(s.charAt(run)) ? run : run - 1;
    String name = s.substring(0, lower).toLowerCase(java.util.Locale.ROOT) + s.substring(lower);
    return TAKEN.contains(name) ? name + "_" : name;
  }

  /// `GetCallerIdentity` → `GET_CALLER_IDENTITY`, `ListObjectsV2` → `LIST_OBJECTS_V2`.
  public static String constant(String operation) {
    return operation
        .replaceAll("([a-z0-9])([A-Z])", "$1_$2")
        .replaceAll("([A-Z]+)([A-Z][a-z])", "$1_$2")
        .toUpperCase(java.util.Locale.ROOT);
  }
}
