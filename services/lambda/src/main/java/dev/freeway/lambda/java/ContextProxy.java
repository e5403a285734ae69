package dev.freeway.lambda.java;

import java.lang.reflect.Proxy;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;

/// The context object, as the function's own copy of the interface wants it.
final class ContextProxy {
  private ContextProxy() {}

  static Object of(Class<?> type, ClassLoader loader, HttpURLConnection about) {
    long deadline = Long.parseLong(about.getHeaderField("Lambda-Runtime-Deadline-Ms"));
    String request = about.getHeaderField("Lambda-Runtime-Aws-Request-Id");
    String arn = about.getHeaderField("Lambda-Runtime-Invoked-Function-Arn");
    return Proxy.newProxyInstance(
        loader,
        new Class<?>[] {type},
        (self, method, args) ->
            switch (method.getName()) {
              case "getAwsRequestId" -> request;
              case "getInvokedFunctionArn" -> arn;
              case "getLogGroupName" -> System.getenv("AWS_LAMBDA_LOG_GROUP_NAME");
              case "getLogStreamName" -> System.getenv("AWS_LAMBDA_LOG_STREAM_NAME");
              case "getFunctionName" -> System.getenv("AWS_LAMBDA_FUNCTION_NAME");
              case "getFunctionVersion" -> System.getenv("AWS_LAMBDA_FUNCTION_VERSION");
              case "getMemoryLimitInMB" ->
                  Integer.parseInt(System.getenv("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"));
              case "getRemainingTimeInMillis" ->
                  (int) Math.max(0, deadline - System.currentTimeMillis());
              case "getLogger" -> logger(method.getReturnType(), loader);
              case "toString" -> "Context of " + request;
              case "hashCode" -> request.hashCode();
              case "equals" -> self == args[0];
              default -> null;
            });
  }

  private static Object logger(Class<?> type, ClassLoader loader) {
    return Proxy.newProxyInstance(
        loader,
        new Class<?>[] {type},
        (self, method, args) -> {
          switch (method.getName()) {
            case "log" -> {
              String text =
                  args[0] instanceof byte[] bytes
                      ? new String(bytes, StandardCharsets.UTF_8)
                      : String.valueOf(args[0]);
              System.out.println(text.replace('\n', '\r'));
              return null;
            }
            case "toString" -> {
              return "LambdaLogger";
            }
            case "hashCode" -> {
              return System.identityHashCode(self);
            }
            case "equals" -> {
              return self == args[0];
            }
            default -> {
              return null;
            }
          }
        });
  }
}
