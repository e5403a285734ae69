package dev.freeway.lambda;

import dev.freeway.lambda.api.LambdaErrors;
import java.util.Set;

/// What the names of runtimes mean.
final class Runtimes {
  /// Those that AWS no longer creates functions with.
  private static final Set<String> RETIRED =
      Set.of(
          "nodejs",
          "nodejs4.3",
          "nodejs6.10",
          "nodejs8.10",
          "nodejs10.x",
          "nodejs12.x",
          "nodejs14.x",
          "nodejs16.x",
          "nodejs4.3-edge",
          "java8",
          "python2.7",
          "python3.6",
          "python3.7",
          "python3.8",
          "dotnetcore1.0",
          "dotnetcore2.0",
          "dotnetcore2.1",
          "dotnetcore3.1",
          "dotnet6",
          "go1.x",
          "ruby2.5",
          "ruby2.7",
          "provided");

  enum Language {
    PYTHON,
    NODE,
    JAVA,
    OWN,
    RUBY,
    DOTNET
  }

  private Runtimes() {}

  static Language language(String runtime) {
    if (runtime.startsWith("python")) {
      return Language.PYTHON;
    }
    if (runtime.startsWith("nodejs")) {
      return Language.NODE;
    }
    if (runtime.startsWith("java")) {
      return Language.JAVA;
    }
    if (runtime.startsWith("ruby")) {
      return Language.RUBY;
    }
    return runtime.startsWith("dotnet") ? Language.DOTNET : Language.OWN;
  }

  static void check(String runtime) {
    if (RETIRED.contains(runtime)) {
      throw LambdaErrors.invalidParameterValueException(
              "The runtime parameter of "
                  + runtime
                  + " is no longer supported for creating or updating AWS Lambda functions. We recommend you use a supported runtime while creating or updating functions.")
          .with("Type", "User");
    }
  }
}
