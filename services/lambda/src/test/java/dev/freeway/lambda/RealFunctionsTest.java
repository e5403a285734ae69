package dev.freeway.lambda;

import static dev.freeway.lambda.Functioning.text;
import static dev.freeway.lambda.api.LambdaApi.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.freeway.containers.image.ImageStore;
import dev.freeway.containers.sandbox.SandboxRuntime;
import dev.freeway.iam.Iam;
import dev.freeway.lambda.api.CreateFunctionRequest;
import dev.freeway.lambda.api.FunctionCode;
import dev.freeway.lambda.api.InvocationRequest;
import dev.freeway.lambda.api.InvocationResponse;
import dev.freeway.logs.Logs;
import dev.freeway.sts.Sts;
import dev.freeway.testkit.TestNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The bootstraps, in real sandboxes with this machine's interpreters.
class RealFunctionsTest {
  @TempDir Path folder;

  private void withNode(Consumer<TestNode> test) {
    ImageStore images = new ImageStore(folder.resolve("images"));
    try (var runtime = new SandboxRuntime(folder.resolve("run"), images)) {
      var able = runtime.probe();
      assumeTrue(
          able.usable() && able.ownAddresses(),
          () -> "no sandboxes on this machine: " + able.problems() + able.notes());
      try (var node = TestNode.of(Iam::new, Sts::new, Logs::new, p -> new Lambda(p, runtime))) {
        Trusting.role(node, "fn");
        test.accept(node);
      }
      assertTrue(runtime.sandboxes(Map.of()).isEmpty(), "an environment is left");
    }
  }

  private static void create(
      TestNode node, String name, String runtime, String handler, String file, String code) {
    node.call(
        CREATE_FUNCTION,
        CreateFunctionRequest.builder()
            .functionName(name)
            .runtime(runtime)
            .handler(handler)
            .timeout(30)
            .role("arn:aws:iam::000000000000:role/fn")
            .code(FunctionCode.builder().zipFile(Functioning.zip(file, code)).build())
            .build());
    node.run();
  }

  private static InvocationResponse invoke(TestNode node, String name, String event) {
    return node.call(
        INVOKE,
        InvocationRequest.builder()
            .functionName(name)
            .logType("Tail")
            .payload(event.getBytes(StandardCharsets.UTF_8))
            .build());
  }

  private static void has(String language, String runtime) {
    assumeTrue(new HostLanguages().find(runtime).isPresent(), "this machine has no " + language);
  }

  @Test
  void pythonAnswersPrintsAndFails() {
    has("Python", "python3.12");
    withNode(
        node -> {
          create(
              node,
              "py",
              "python3.12",
              "app.handler",
              "app.py",
              """
              def handler(event, context):
                  print("got", event["a"])
                  if event["a"] == 0:
                      raise ValueError("zero")
                  return {"twice": event["a"] * 2, "name": context.function_name}
              """);
          InvocationResponse r = invoke(node, "py", "{\"a\":21}");
          assertNull(r.functionError());
          assertEquals("{\"twice\": 42, \"name\": \"py\"}", text(r.payload()));
          String log = text(Base64.getDecoder().decode(r.logResult()));
          assertTrue(log.contains("\ngot 21\nEND RequestId: "), log);
          r = invoke(node, "py", "{\"a\":0}");
          assertEquals("Unhandled", r.functionError());
          assertTrue(
              text(r.payload()).contains("\"errorType\": \"ValueError\""), text(r.payload()));
          create(node, "no", "python3.12", "app.nope", "app.py", "x = 1\n");
          assertTrue(text(invoke(node, "no", "{}").payload()).contains("Runtime.HandlerNotFound"));
        });
  }

  @Test
  void nodeAnswersByPromiseAndByCallback() {
    has("Node.js", "nodejs20.x");
    withNode(
        node -> {
          create(
              node,
              "js",
              "nodejs20.x",
              "index.handler",
              "index.js",
              """
              exports.handler = async (event) => { console.log('hi'); return { n: event.n + 1 }; };
              exports.later = (event, context, callback) => { setTimeout(() => callback(null, 'later'), 10); };
              """);
          InvocationResponse r = invoke(node, "js", "{\"n\":1}");
          assertEquals("{\"n\":2}", text(r.payload()));
          assertTrue(text(Base64.getDecoder().decode(r.logResult())).contains("\tINFO\thi\n"));
          create(
              node,
              "cb",
              "nodejs20.x",
              "index.later",
              "index.js",
              "exports.later = (e, c, done) => { setTimeout(() => done(null, 'later'), 10); };");
          assertEquals("\"later\"", text(invoke(node, "cb", "{}").payload()));
        });
  }

  @Test
  void javaTellsWhichClassIsMissing() {
    withNode(
        node -> {
          create(node, "jv", "java21", "no.Such::method", "x.txt", "x");
          InvocationResponse r = invoke(node, "jv", "{}");
          assertTrue(
              text(r.payload()).contains("java.lang.ClassNotFoundException"), text(r.payload()));
        });
  }
}
