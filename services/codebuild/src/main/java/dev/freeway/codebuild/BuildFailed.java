package dev.freeway.codebuild;

/// A build cannot go on, for a reason its user must see in the phase where it is.
final class BuildFailed extends Exception {
  private static final long serialVersionUID = 1L;
  private final String code;

  /// @param code a status code of CodeBuild: YAML_FILE_ERROR, CLIENT_ERROR, COMMAND_EXECUTION_ERROR
  ///   …
  BuildFailed(String code, String message) {
    super(message);
    this.code = code;
  }

  String code() {
    return code;
  }

  String text() {
    return String.valueOf(getMessage());
  }
}
