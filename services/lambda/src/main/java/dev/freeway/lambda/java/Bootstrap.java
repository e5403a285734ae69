package dev.freeway.lambda.java;

import java.io.ByteArrayInputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// Asks the runtime API for invocations, one after the other.
final class Bootstrap {
  private static final String BASE =
      "http://" + System.getenv("AWS_LAMBDA_RUNTIME_API") + "/2018-06-01/runtime/";

  private Bootstrap() {}

  public static void main(String[] args) throws IOException {
    System.setProperty("sun.net.http.retryPost", "false");
    Entry entry;
    try {
      entry = Entry.load(System.getenv("_HANDLER"));
    } catch (Throwable e) {
      byte[] error = told(e);
      endOfLog("init");
      post("init/error", error, e.getClass().getName());
      System.exit(1);
      return;
    }
    while (true) {
      HttpURLConnection next = open("invocation/next");
      byte[] event;
      try (InputStream in = next.getInputStream()) {
        event = in.readAllBytes();
      } catch (IOException gone) {
        // Freeway is, and this environment with it.
        System.exit(0);
        return;
      }
      invoke(entry, next, event);
    }
  }

  private static void invoke(Entry entry, HttpURLConnection next, byte[] event) throws IOException {
    String request = next.getHeaderField("Lambda-Runtime-Aws-Request-Id");
    String trace = next.getHeaderField("Lambda-Runtime-Trace-Id");
    if (trace != null) {
      System.setProperty("com.amazonaws.xray.traceHeader", trace);
    }
    String about = "invocation/" + request + "/";
    try {
      byte[] answer = entry.call(new ByteArrayInputStream(event), next);
      endOfLog(request);
      post(about + "response", answer, null);
    } catch (Throwable e) {
      byte[] error = told(e);
      endOfLog(request);
      post(about + "error", error, e.getClass().getName());
    }
  }

  private static HttpURLConnection open(String path) throws IOException {
    return (HttpURLConnection) URI.create(BASE + path).toURL().openConnection();
  }

  private static void post(
      String path, byte[] body, @org.jspecify.annotations.Nullable String error)
      throws IOException {
    HttpURLConnection c = open(path);
    c.setRequestMethod("POST");
    c.setDoOutput(true);
    c.setFixedLengthStreamingMode(body.length);
    c.setRequestProperty("Content-Type", "application/json");
    if (error != null) {
      c.setRequestProperty("Lambda-Runtime-Function-Error-Type", error);
    }
    try (OutputStream out = c.getOutputStream()) {
      out.write(body);
    }
    // A refusal, such as of an answer that is too large, is told to the caller by Freeway.
    try (InputStream in = c.getResponseCode() < 400 ? c.getInputStream() : c.getErrorStream()) {
      if (in != null) {
        in.readAllBytes();
      }
    }
  }

  /// The error as its caller gets it; the log has the stack.
  private static byte[] told(Throwable e) {
    StringBuilder text = new StringBuilder();
    text.append(e.getMessage()).append(": ").append(e.getClass().getName());
    for (StackTraceElement at : e.getStackTrace()) {
      text.append("\r\tat ").append(at);
    }
    System.out.println(text);
    return JsonMapper.shared().writeValueAsBytes(map(e, 0));
  }

  private static Map<String, Object> map(Throwable e, int depth) {
    List<String> stack = new ArrayList<>();
    for (StackTraceElement at : e.getStackTrace()) {
      if (!at.getClassName().startsWith("dev.freeway.lambda.java.")
          && !at.getClassName().startsWith("jdk.internal.reflect.")) {
        stack.add(at.toString());
      }
    }
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("errorMessage", e.getMessage());
    all.put("errorType", e.getClass().getName());
    all.put("stackTrace", stack);
    if (e.getCause() != null && depth < 5) {
      all.put("cause", map(e.getCause(), depth + 1));
    }
    return all;
  }

  /// Tells Freeway that everything this invocation wrote has been written.
  private static void endOfLog(String request) throws IOException {
    System.out.flush();
    System.err.flush();
    byte[] mark = ("\u0001freeway:end:" + request + "\n").getBytes(StandardCharsets.UTF_8);
    new FileOutputStream(FileDescriptor.out).write(mark);
    new FileOutputStream(FileDescriptor.err).write(mark);
  }
}
