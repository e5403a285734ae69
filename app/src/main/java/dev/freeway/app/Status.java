package dev.freeway.app;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "status", description = "Tell whether Freeway runs, and its health.")
final class Status implements Callable<Integer> {
  @Mixin DataOption data = new DataOption();

  @Override
  public Integer call() throws Exception {
    Optional<RunFile> running = RunFile.running(data.path());
    if (running.isEmpty()) {
      System.out.println("freeway: not running on " + data.path());
      return 3;
    }
    RunFile run = running.get();
    try (HttpClient client = HttpClient.newHttpClient()) {
      System.out.printf("freeway: process %d, %s%n", run.pid(), run.endpoint());
      for (String path : List.of("/_freeway/health", "/_freeway/containers")) {
        HttpRequest ask = HttpRequest.newBuilder(URI.create(run.endpoint() + path)).build();
        System.out.println(client.send(ask, HttpResponse.BodyHandlers.ofString()).body().strip());
      }
    }
    return 0;
  }
}
