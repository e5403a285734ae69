package dev.freeway.lambda;

import static dev.freeway.lambda.Functioning.text;
import static dev.freeway.lambda.api.LambdaApi.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.lambda.api.DeleteFunctionRequest;
import dev.freeway.lambda.api.GetFunctionConfigurationRequest;
import dev.freeway.lambda.api.InvocationRequest;
import dev.freeway.lambda.api.InvocationResponse;
import dev.freeway.lambda.api.PutFunctionConcurrencyRequest;
import dev.freeway.lambda.api.PutFunctionEventInvokeConfigRequest;
import dev.freeway.wire.AwsException;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class InvokeTest {
  @Test
  void answersWhatTheFunctionAnswersAndKeepsItWarm() {
    AtomicInteger calls = new AtomicInteger();
    try (var f = new Functioning((event, p) -> "[" + event + "," + calls.incrementAndGet() + "]")) {
      f.create("f");
      InvocationResponse first = f.invoke("f", "{\"a\":1}");
      assertEquals("[{\"a\":1},1]", text(first.payload()));
      assertNull(first.functionError());
      assertEquals("$LATEST", first.executedVersion());
      f.invoke("f", "{}");
      assertEquals(1, f.runtime.list(Launcher.LABELS).size());
    }
  }

  @Test
  void tellsTheFunctionsErrorAndItsLog() {
    try (var f =
        new Functioning(
            (event, p) -> {
              p.out("before");
              throw new Functioning.Wrong("no");
            })) {
      f.create("f");
      InvocationResponse r = f.invoke("f", "{}");
      assertEquals("Unhandled", r.functionError());
      assertEquals("{\"errorType\":\"Wrong\",\"errorMessage\":\"no\"}", text(r.payload()));
      String log = text(Base64.getDecoder().decode(r.logResult()));
      assertTrue(log.contains("START RequestId: "), log);
      assertTrue(log.contains("\nbefore\n"), log);
      assertTrue(log.contains("\nREPORT RequestId: "), log);
    }
  }

  @Test
  void anExitIsAnErrorAndTheNextInvocationStartsAnew() {
    try (var f =
        new Functioning(
            (event, p) -> {
              if (event.equals("1")) {
                throw new Functioning.Exit(3);
              }
              return "2";
            })) {
      f.create("f");
      InvocationResponse r = f.invoke("f", "1");
      assertTrue(
          text(r.payload()).contains("Runtime exited with error: exit status 3"),
          text(r.payload()));
      assertEquals("2", text(f.invoke("f", "{}").payload()));
    }
  }

  @Test
  void refusesMoreAtOnceThanReserved() {
    try (var f = new Functioning((event, p) -> event)) {
      f.create("f");
      f.node.call(PUT_FUNCTION_CONCURRENCY, new PutFunctionConcurrencyRequest("f", 0));
      var e = assertThrows(AwsException.class, () -> f.invoke("f", "{}"));
      assertEquals("TooManyRequestsException", e.code());
      assertEquals(429, e.status());
    }
  }

  @Test
  void aFunctionThatIsNotReadyIsNotInvoked() {
    try (var f = new Functioning((event, p) -> event)) {
      f.node.call(CREATE_FUNCTION, f.wanted("f").build());
      var e = assertThrows(AwsException.class, () -> f.invoke("f", "{}"));
      assertEquals("ResourceConflictException", e.code());
      f.node.run();
      assertEquals(
          "Active",
          f.node
              .call(GET_FUNCTION_CONFIGURATION, new GetFunctionConfigurationRequest("f", null))
              .state());
    }
  }

  @Test
  void refusesWhatIsNoJsonAndWhatIsTooLarge() {
    try (var f = new Functioning((event, p) -> event)) {
      f.create("f");
      assertEquals(
          "InvalidRequestContentException",
          assertThrows(AwsException.class, () -> f.invoke("f", "{")).code());
      String large = "\"" + "x".repeat(6_291_456) + "\"";
      var e = assertThrows(AwsException.class, () -> f.invoke("f", large));
      assertEquals("RequestEntityTooLargeException", e.code());
      assertEquals(413, e.status());
    }
  }

  @Test
  void anEventIsTriedTwiceMoreAfterAnError() {
    AtomicInteger calls = new AtomicInteger();
    try (var f =
        new Functioning(
            (event, p) -> {
              calls.incrementAndGet();
              throw new Functioning.Wrong("no");
            })) {
      f.create("f");
      f.send("f", "{}");
      f.node.run();
      assertEquals(1, calls.get());
      f.node.advance(Duration.ofMinutes(1));
      assertEquals(2, calls.get());
      f.node.advance(Duration.ofMinutes(1));
      assertEquals(2, calls.get());
      f.node.advance(Duration.ofMinutes(1));
      assertEquals(3, calls.get());
      f.node.advance(Duration.ofHours(7));
      assertEquals(3, calls.get());
    }
  }

  @Test
  void anEventIsTriedAsOftenAsConfigured() {
    AtomicInteger calls = new AtomicInteger();
    try (var f =
        new Functioning(
            (event, p) -> {
              calls.incrementAndGet();
              throw new Functioning.Wrong("no");
            })) {
      f.create("f");
      f.node.call(
          PUT_FUNCTION_EVENT_INVOKE_CONFIG,
          PutFunctionEventInvokeConfigRequest.builder()
              .functionName("f")
              .maximumRetryAttempts(0)
              .build());
      f.send("f", "{}");
      f.node.advance(Duration.ofHours(1));
      assertEquals(1, calls.get());
    }
  }

  @Test
  void aThrottledEventWaitsUntilThereIsRoom() {
    AtomicInteger calls = new AtomicInteger();
    try (var f = new Functioning((event, p) -> "" + calls.incrementAndGet())) {
      f.create("f");
      f.node.call(PUT_FUNCTION_CONCURRENCY, new PutFunctionConcurrencyRequest("f", 0));
      f.send("f", "{}");
      f.node.run();
      assertEquals(0, calls.get());
      f.node.call(PUT_FUNCTION_CONCURRENCY, new PutFunctionConcurrencyRequest("f", 1));
      f.node.advance(Duration.ofSeconds(2));
      assertEquals(1, calls.get());
    }
  }

  @Test
  void nothingIsLeftOfADeletedFunction() throws Exception {
    try (var f = new Functioning((event, p) -> event)) {
      f.create("f");
      f.invoke("f", "{}");
      f.node.call(DELETE_FUNCTION, new DeleteFunctionRequest("f", null));
      assertTrue(f.runtime.awaitGone(Launcher.LABELS, Duration.ofSeconds(10)));
      assertEquals(
          "ResourceNotFoundException",
          assertThrows(AwsException.class, () -> f.invoke("f", "{}")).code());
    }
  }

  @Test
  void dryRunsAndUnknownFunctions() {
    try (var f = new Functioning((event, p) -> event)) {
      f.create("f");
      var in = InvocationRequest.builder().functionName("f").invocationType("DryRun");
      assertEquals(204, f.node.call(INVOKE, in.build()).statusCode());
      var e =
          assertThrows(AwsException.class, () -> f.node.call(INVOKE, in.functionName("g").build()));
      assertEquals(
          "Function not found: arn:aws:lambda:us-east-1:000000000000:function:g", e.message());
      assertEquals(404, e.status());
    }
  }
}
