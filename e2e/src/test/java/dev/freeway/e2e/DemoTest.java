package dev.freeway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.Deployment;

/// The main job: the demo, twice, and what is left of it after `kill -9`.
class DemoTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @Test
  void deliversTwiceAndSurvivesAKill() throws Exception {
    assumeTrue(
        "root".equals(System.getProperty("user.name")),
        "skipped: tasks and builds need root for their sandboxes");
    assumeTrue(FreewayProcess.installed("git"), "skipped: git is not installed");
    try (FreewayProcess server = FreewayProcess.start()) {
      Commands shell = server.commands(server.home());
      String freeway = server.home().resolve("freeway").toString();
      String first = shell.ok(freeway, "demo", "--data", server.data().toString());
      System.out.println(first);
      String second = shell.ok(freeway, "demo", "--data", server.data().toString());
      Matcher page = Pattern.compile("the page +(http://\\S+)").matcher(second);
      assertTrue(page.find(), second);
      String address = page.group(1);
      assertEquals("5", version(address));

      copiesAnImage(server, shell);

      server.kill();
      server.up();

      Until.holds("the page is back", () -> version(address), "5"::equals);
      killedInARollout(server);
      Until.holds("the page is back after the rollout", () -> version(address), "5"::equals);

      // Each container has its supervisor, which names the data folder it belongs to.
      String supervisors =
          "ps axww -o args | grep -o '" + server.data() + "[^ ]*web/launch' | sort -u | wc -l";
      // The one that was replaced may still be stopping.
      Until.holds(
          "one task of the service runs: none orphaned, none doubled",
          () -> shell.ok("sh", "-c", supervisors),
          "1"::equals);
    }
  }

  /// `kill -9` right after a deployment began: it completes after the next start.
  private static void killedInARollout(FreewayProcess server) throws Exception {
    try (EcsClient ecs =
        EcsClient.builder()
            .httpClient(UrlConnectionHttpClient.create())
            .endpointOverride(URI.create(server.endpoint()))
            .region(Region.US_EAST_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("000000000000", "e2e")))
            .build()) {
      Deployment begun =
          ecs.updateService(u -> u.cluster("cats-vs-dogs").service("web").forceNewDeployment(true))
              .service()
              .deployments()
              .getFirst();
      server.kill();
      server.up();
      Until.holds(
          "the deployment completes",
          () ->
              ecs.describeServices(d -> d.cluster("cats-vs-dogs").services("web"))
                  .services()
                  .getFirst(),
          s ->
              s.runningCount() == 1
                  && s.deployments().size() == 1
                  && s.deployments().getFirst().id().equals(begun.id())
                  && s.deployments().getFirst().rolloutStateAsString().equals("COMPLETED"));
    }
  }

  /// What the demo pushed, copied to another repository by skopeo.
  private static void copiesAnImage(FreewayProcess server, Commands shell) throws Exception {
    if (!FreewayProcess.installed("skopeo") || !FreewayProcess.installed("aws")) {
      System.out.println(
          "not checked: copying an image with skopeo (needs skopeo and the AWS CLI)");
      return;
    }
    String login = "AWS:" + shell.ok("aws", "ecr", "get-login-password");
    String tag =
        shell.ok(
            "aws",
            "ecr",
            "list-images",
            "--repository-name",
            "cats-vs-dogs/web",
            // Not what refers to an image: its provenance has no tag.
            "--filter",
            "tagStatus=TAGGED",
            "--query",
            "imageIds[0].imageTag",
            "--output",
            "text");
    shell.ok("aws", "ecr", "create-repository", "--repository-name", "copy");
    String registry = "docker://localhost:" + server.port() + "/000000000000/us-east-1/";
    String from = registry + "cats-vs-dogs/web:" + tag;
    shell.ok(
        "skopeo",
        "--insecure-policy",
        "copy",
        "--quiet",
        // Else a cache of skopeo's own may put an equal layer of another compression in its place.
        "--preserve-digests",
        "--src-tls-verify=false",
        "--dest-tls-verify=false",
        "--src-creds",
        login,
        "--dest-creds",
        login,
        from,
        registry + "copy:1");
    String digests = "imageDetails[0].imageDigest";
    assertEquals(
        shell.ok(
            "aws",
            "ecr",
            "describe-images",
            "--repository-name",
            "cats-vs-dogs/web",
            "--image-ids",
            "imageTag=" + tag,
            "--query",
            digests),
        shell.ok(
            "aws",
            "ecr",
            "describe-images",
            "--repository-name",
            "copy",
            "--image-ids",
            "imageTag=1",
            "--query",
            digests));
    String refused =
        shell.fails("skopeo", "inspect", "--tls-verify=false", "--creds", "AWS:wrong", from);
    assertTrue(
        refused.contains("authentication")
            || refused.contains("401")
            || refused.contains("unauthorized"),
        refused);
  }

  private static String version(String address) throws Exception {
    try {
      HttpResponse<Void> response =
          HTTP.send(
              HttpRequest.newBuilder(URI.create(address)).build(),
              HttpResponse.BodyHandlers.discarding());
      return response.headers().firstValue("X-Version").orElse("status " + response.statusCode());
    } catch (java.io.IOException e) {
      return e.toString();
    }
  }
}
