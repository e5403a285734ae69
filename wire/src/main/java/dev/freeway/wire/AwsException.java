package dev.freeway.wire;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An error as AWS answers it: a code, a message, an HTTP status, and whatever further members the
/// error shape of the model has. Services throw it; the codec writes it in the protocol of the
/// call.
public final class AwsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String code;
  private final int status;
  private final transient Map<String, Object> fields;
  private final transient Map<String, String> headers;
  private final @Nullable String shape;

  private AwsException(
      String code,
      int status,
      String message,
      Map<String, Object> fields,
      Map<String, String> headers,
      @Nullable String shape) {
    super(message, null, false, false);
    this.code = code;
    this.status = status;
    this.fields = fields;
    this.headers = headers;
    this.shape = shape;
  }

  /// The caller's fault, 400.
  public static AwsException client(String code, String message) {
    return new AwsException(code, 400, message, Map.of(), Map.of(), null);
  }

  public static AwsException of(String code, int status, String message) {
    return new AwsException(code, status, message, Map.of(), Map.of(), null);
  }

  /// The same error, whose shape in the model is not called as its code: several shapes may share
  /// one, and newer protocols tell the shape.
  public AwsException shaped(String name) {
    return new AwsException(code, status, message(), fields, headers, name);
  }

  /// The name of its shape in the model, where that is known and is not the code.
  public @Nullable String shape() {
    return shape;
  }

  /// The same error with a further member of its shape, by the member's name in the model.
  public AwsException with(String field, @Nullable Object value) {
    var all = new java.util.LinkedHashMap<>(fields);
    all.put(field, value);
    return new AwsException(code, status, message(), Map.copyOf(all), headers, shape);
  }

  /// The same error with an HTTP header on its answer. Only restXml writes it: S3 says in headers
  /// what a client without a body to read wants to know.
  public AwsException header(String name, String value) {
    var all = new java.util.LinkedHashMap<>(headers);
    all.put(name, value);
    return new AwsException(code, status, message(), fields, Map.copyOf(all), shape);
  }

  public String code() {
    return code;
  }

  public int status() {
    return status;
  }

  public String message() {
    return getMessage() == null ? "" : getMessage();
  }

  public Map<String, Object> fields() {
    return fields;
  }

  public Map<String, String> headers() {
    return headers;
  }

  public boolean is(String otherCode) {
    return code.equals(otherCode);
  }

  /// Server faults are worth a stack trace in the log; client errors are answers.
  public boolean serverFault() {
    return status >= 500;
  }

  @Override
  public String toString() {
    return code + " (" + status + "): " + message();
  }
}
