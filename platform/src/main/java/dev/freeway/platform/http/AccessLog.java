package dev.freeway.platform.http;

/// Where finished requests are noted.
@FunctionalInterface
public interface AccessLog {
  AccessLog NONE = entry -> {};

  /// @param operation such as `ssm:PutParameter`
  record Entry(
      String method,
      String path,
      String operation,
      String account,
      int status,
      long nanos,
      String requestId) {}

  void note(Entry entry);
}
