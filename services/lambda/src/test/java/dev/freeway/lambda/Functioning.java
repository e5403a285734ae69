package dev.freeway.lambda;

import static dev.freeway.lambda.api.LambdaApi.*;

import dev.freeway.containers.ContainerSpec;
import dev.freeway.containers.fake.FakeProcess;
import dev.freeway.containers.fake.FakeRuntime;
import dev.freeway.events.Events;
import dev.freeway.iam.Iam;
import dev.freeway.kms.Kms;
import dev.freeway.lambda.api.CreateFunctionRequest;
import dev.freeway.lambda.api.FunctionCode;
import dev.freeway.lambda.api.InvocationRequest;
import dev.freeway.lambda.api.InvocationResponse;
import dev.freeway.logs.Logs;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Service;
import dev.freeway.s3.S3;
import dev.freeway.secretsmanager.Secretsmanager;
import dev.freeway.sns.Sns;
import dev.freeway.sqs.Sqs;
import dev.freeway.sts.Sts;
import dev.freeway.testkit.TestNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// A system whose functions are Java code: each environment asks the runtime API for work, as a
/// custom runtime does.
final class Functioning implements AutoCloseable {
  /// What a function does with an event; a thrown [Wrong] is an error it reports.
  interface Code {
    String handle(String event, FakeProcess process) throws InterruptedException;
  }

  static final class Wrong extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Wrong(String error) {
      super(error);
    }
  }

  /// Ends the runtime with this exit code.
  static final class Exit extends RuntimeException {
    private static final long serialVersionUID = 1L;
    final int code;

    Exit(int code) {
      super("exit " + code);
      this.code = code;
    }
  }

  final FakeRuntime runtime;
  final TestNode node;
  private final Code code;

  Functioning(Code code) {
    this.code = code;
    AtomicReference<FakeRuntime> made = new AtomicReference<>();
    runtime =
        new FakeRuntime(spec -> process -> serve(made.get(), process), InstantSource.system());
    made.set(runtime);
    Function<Platform, Service> lambda = p -> new Lambda(p, runtime);
    node =
        TestNode.of(
            Iam::new,
            Kms::new,
            Secretsmanager::new,
            Sts::new,
            Logs::new,
            Sqs::new,
            Sns::new,
            S3::new,
            Events::new,
            lambda);
    Trusting.role(node, "fn");
  }

  private int serve(FakeRuntime in, FakeProcess process) throws InterruptedException {
    ContainerSpec spec = process.spec();
    InetSocketAddress at = in.listening(spec.sandbox(), "127.0.0.1", 9001);
    String base = "http://127.0.0.1:" + at.getPort() + "/2018-06-01/runtime/";
    try (HttpClient http = HttpClient.newHttpClient()) {
      while (true) {
        HttpResponse<String> next =
            http.send(
                HttpRequest.newBuilder(URI.create(base + "invocation/next")).build(),
                HttpResponse.BodyHandlers.ofString());
        String id = next.headers().firstValue("Lambda-Runtime-Aws-Request-Id").orElseThrow();
        String how = "response";
        String answer;
        try {
          answer = code.handle(next.body(), process);
        } catch (Wrong e) {
          how = "error";
          answer = "{\"errorType\":\"Wrong\",\"errorMessage\":\"" + e.getMessage() + "\"}";
        } catch (Exit e) {
          return e.code;
        }
        http.send(
            HttpRequest.newBuilder(URI.create(base + "invocation/" + id + "/" + how))
                .POST(HttpRequest.BodyPublishers.ofString(answer))
                .build(),
            HttpResponse.BodyHandlers.discarding());
      }
    } catch (IOException over) {
      return 0;
    }
  }

  static byte[] zip(String name, String content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry(name));
      zip.write(content.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  CreateFunctionRequest.Builder wanted(String name) {
    return CreateFunctionRequest.builder()
        .functionName(name)
        .runtime("java25")
        .handler("x.Y")
        .role("arn:aws:iam::000000000000:role/fn")
        .code(FunctionCode.builder().zipFile(zip("x", "1")).build());
  }

  void create(String name) {
    node.call(CREATE_FUNCTION, wanted(name).build());
    node.run();
  }

  InvocationResponse invoke(String name, String event) {
    return node.call(
        INVOKE,
        InvocationRequest.builder()
            .functionName(name)
            .payload(event.getBytes(StandardCharsets.UTF_8))
            .logType("Tail")
            .build());
  }

  void send(String name, String event) {
    node.call(
        INVOKE,
        InvocationRequest.builder()
            .functionName(name)
            .invocationType("Event")
            .payload(event.getBytes(StandardCharsets.UTF_8))
            .build());
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    node.close();
  }
}
