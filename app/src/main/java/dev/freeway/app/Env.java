package dev.freeway.app;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `eval "$(freeway env)"` points AWS tools here.
@Command(name = "env", description = "Print shell exports that point AWS tools here.")
final class Env implements Callable<Integer> {
  @Mixin DataOption data = new DataOption();

  @Override
  public Integer call() throws Exception {
    String endpoint =
        RunFile.running(data.path()).map(RunFile::endpoint).orElse("http://localhost:4566");
    System.out.println("export AWS_ENDPOINT_URL=" + endpoint);
    System.out.println("export AWS_ACCESS_KEY_ID=000000000000");
    System.out.println("export AWS_SECRET_ACCESS_KEY=freeway");
    System.out.println("export AWS_DEFAULT_REGION=us-east-1");
    System.out.println("export AWS_REGION=us-east-1");
    return 0;
  }
}
