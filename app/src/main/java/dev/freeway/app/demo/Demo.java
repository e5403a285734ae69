package dev.freeway.app.demo;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// The demo itself: three pushes, and what must be seen after each.
public final class Demo {
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final List<String> OWN_PHASES =
      List.of("INSTALL", "PRE_BUILD", "BUILD", "POST_BUILD");

  /// What the summary says of a step.
  private record Done(String what, double seconds, String note) {}

  /// A promise of the demo that was not kept.
  public static final class NotSeen extends Exception {
    private static final long serialVersionUID = 1L;

    NotSeen(String message) {
      super(message);
    }
  }

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final Aws aws;
  private final Highway highway;
  private final PipelineWatch watch;
  private final Path sample;
  private final List<Done> done = new ArrayList<>();

  public Demo(String endpoint, Path sample) {
    this.aws = new Aws(http, endpoint);
    this.highway = new Highway(aws);
    this.watch = new PipelineWatch(aws, System.out);
    this.sample = sample;
  }

  public void run() throws IOException, InterruptedException, NotSeen {
    List<String> problems = aws.containerProblems();
    if (!problems.isEmpty()) {
      throw new NotSeen("containers cannot run here: " + String.join("; ", problems));
    }
    long start = System.nanoTime();
    step(
        "1/4  repository, buckets, roles, image repositories, cluster, load balancer, services, pipeline");
    String address = highway.create();
    done.add(new Done("set up", since(start), "address of the page " + address));
    Path work = Files.createTempDirectory("freeway-demo");
    try (SampleRepository repository = SampleRepository.open(aws.endpoint(), sample, work)) {
      int base = repository.nextVersion();
      deliver(repository, address, base, "2/4", false);
      deliver(repository, address, base + 1, "3/4", true);
      refuse(repository, address, base + 1);
    }
    summary(address, since(start));
  }

  private static void step(String text) {
    System.out.println();
    System.out.println(text);
  }

  private void deliver(
      SampleRepository repository, String address, int version, String number, boolean underTraffic)
      throws IOException, InterruptedException, NotSeen {
    step(
        number
            + "  git push of version "
            + version
            + (underTraffic ? ", with requests running through the load balancer" : ""));
    List<String> before = watch.executions();
    repository.commitVersion(version, true);
    Traffic traffic = underTraffic ? new Traffic(http, address) : null;
    long pushed;
    String execution;
    try {
      repository.push();
      pushed = System.nanoTime();
      if (before.isEmpty()) {
        highway.createPipeline();
      }
      execution = started(before, pushed);
      awaitVersion(address, version, execution, pushed);
    } finally {
      if (traffic != null) {
        traffic.close();
      }
    }
    double served = since(pushed);
    double own = ownWork(execution);
    String note =
        String.format(
            "of which the build's and the containers' own work %.1f s, Freeway %.1f s",
            own, served - own);
    done.add(
        new Done(
            "push of version " + version + " to version " + version + " serving", served, note));
    System.out.printf(
        "      %s serves version %d after %.1f s: %s%n", address, version, served, note);
    String status = finished(execution, pushed);
    if (!status.equals("Succeeded")) {
      throw new NotSeen("the pipeline execution ended " + status);
    }
    if (traffic != null) {
      String counted =
          traffic.answered.get()
              + " requests during the rollout, "
              + traffic.failed.get()
              + " failed";
      System.out.println("      " + counted);
      done.add(new Done("no failed request", served, counted));
      if (traffic.failed.get() > 0) {
        throw new NotSeen(
            "requests failed during the rollout; the first: " + traffic.firstFailure.get());
      }
    }
  }

  private String started(List<String> before, long since) throws InterruptedException, NotSeen {
    while (since(since) < 30) {
      for (String id : watch.executions()) {
        if (!before.contains(id)) {
          System.out.printf("      pipeline started by itself after %.2f s%n", since(since));
          return id;
        }
      }
      pause();
    }
    throw new NotSeen("no pipeline execution started in 30 s");
  }

  private void awaitVersion(String address, int version, String execution, long since)
      throws InterruptedException, NotSeen {
    String wanted = Integer.toString(version);
    // Before the first delivery there is nothing to run: the services wait with no tasks. An
    // earlier
    // demo may have ended before that, so it is not only the first execution that they wait for.
    boolean waits = true;
    while (since(since) < PATIENCE.toSeconds()) {
      watch.show(execution);
      boolean all = true;
      for (String path : List.of("/", "/cats", "/dogs")) {
        all &= Traffic.version(http, address, path).equals(wanted);
      }
      if (all) {
        return;
      }
      String status = watch.status(execution);
      if (status.equals("Failed")) {
        fail(execution);
      }
      if (waits && status.equals("Succeeded")) {
        highway.scaleUp();
        waits = false;
      }
      pause();
    }
    throw new NotSeen(
        "version " + version + " did not serve within " + PATIENCE.toMinutes() + " minutes");
  }

  private void fail(String execution) throws NotSeen {
    JsonNode build = watch.build(execution);
    if (build != null) {
      System.out.println("      the build's log ends:");
      watch.logTail(build).forEach(l -> System.out.println("      | " + l));
    }
    throw new NotSeen("the pipeline failed");
  }

  private String finished(String execution, long since) throws InterruptedException, NotSeen {
    while (since(since) < PATIENCE.toSeconds()) {
      watch.show(execution);
      String status = watch.status(execution);
      if (!status.equals("InProgress")) {
        return status;
      }
      pause();
    }
    throw new NotSeen(
        "the pipeline execution did not end within " + PATIENCE.toMinutes() + " minutes");
  }

  private void refuse(SampleRepository repository, String address, int serving)
      throws IOException, InterruptedException, NotSeen {
    int version = serving + 1;
    step("4/4  git push of version " + version + ", whose unit test fails");
    List<String> before = watch.executions();
    repository.commitVersion(version, false);
    repository.push();
    long pushed = System.nanoTime();
    String execution = started(before, pushed);
    String status = finished(execution, pushed);
    JsonNode build = watch.build(execution);
    if (!status.equals("Failed") || build == null) {
      throw new NotSeen("the pipeline should have failed at Build and ended " + status);
    }
    List<String> log = watch.logTail(build);
    System.out.println("      the build's log has the reason:");
    log.forEach(l -> System.out.println("      | " + l));
    if (log.stream().noneMatch(l -> l.contains("FAILED: one vote for cats counts once"))) {
      throw new NotSeen("the failing test's output is not in the log");
    }
    String version2 = Traffic.version(http, address, "/");
    if (!version2.equals(Integer.toString(serving))) {
      throw new NotSeen("the page should still serve version " + serving + " and says " + version2);
    }
    done.add(
        new Done(
            "push of version " + version + " stopped at Build",
            since(pushed),
            "the page still serves version " + serving));
  }

  /// Seconds that the build's commands and the containers' start-up took: what no pipeline could
  /// save.
  private double ownWork(String execution) {
    JsonNode build = watch.build(execution);
    double seconds = 0;
    if (build != null) {
      for (JsonNode phase : build.get("phases")) {
        if (OWN_PHASES.contains(Aws.text(phase, "phaseType")) && phase.has("endTime")) {
          seconds += phase.get("endTime").asDouble() - phase.get("startTime").asDouble();
        }
      }
    }
    return seconds + TaskLogs.slowestStart(aws);
  }

  private void summary(String address, double seconds) {
    System.out.println();
    System.out.println("All of it was seen:");
    for (Done d : done) {
      System.out.printf("  %-48s %6.1f s   %s%n", d.what(), d.seconds(), d.note());
    }
    System.out.printf("  %-48s %6.1f s%n", "in all", seconds);
    System.out.println();
    System.out.println("  the page       " + address);
    System.out.println(
        "  the API        "
            + aws.endpoint()
            + "   (eval \"$(./freeway env)\" points AWS tools there)");
    System.out.println("  the console    " + aws.endpoint() + "/_freeway/console");
    System.out.println("  the repository " + aws.endpoint() + "/v1/repos/" + Highway.NAME);
  }

  private static double since(long nanos) {
    return (System.nanoTime() - nanos) / 1e9;
  }

  private static void pause() throws InterruptedException {
    Thread.sleep(50);
  }
}
