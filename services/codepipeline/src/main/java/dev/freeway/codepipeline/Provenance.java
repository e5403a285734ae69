package dev.freeway.codepipeline;

import dev.freeway.codepipeline.ActionProvider.Job;
import dev.freeway.codepipeline.Execution.Artifact;
import dev.freeway.codepipeline.api.ActionDeclaration;
import dev.freeway.codepipeline.uses.ecr.DescribeImagesRequest;
import dev.freeway.codepipeline.uses.ecr.EcrApi;
import dev.freeway.codepipeline.uses.ecr.ImageDetail;
import dev.freeway.codepipeline.uses.ecr.ImageIdentifier;
import dev.freeway.codepipeline.uses.ecr.ListImageReferrersFilter;
import dev.freeway.codepipeline.uses.ecr.ListImageReferrersRequest;
import dev.freeway.codepipeline.uses.ecr.PutImageRequest;
import dev.freeway.codepipeline.uses.ecr.SubjectIdentifier;
import dev.freeway.platform.Call;
import dev.freeway.platform.Clients;
import dev.freeway.store.Store;
import dev.freeway.wire.AwsException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// Says beside an image where it came from: an in-toto statement with SLSA provenance (commit,
/// build, pipeline execution), attached to the image's digest as an OCI referrer. `oras discover`,
/// `regctl artifact list` and ListImageReferrers find it. Decision 5.
final class Provenance {
  static final String TYPE = "application/vnd.in-toto+json";
  private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  private static final String EMPTY = "application/vnd.oci.empty.v1+json";
  private static final System.Logger LOG = System.getLogger(Provenance.class.getName());

  private final Clients clients;
  private final Store store;
  private final Executions executions;

  Provenance(Clients clients, Store store, Executions executions) {
    this.clients = clients;
    this.store = store;
    this.executions = executions;
  }

  /// Once for a digest: the first execution to know it is where it came from. An image that the
  /// registry does not let be added to keeps going without.
  void attach(Job job, EcrImage image, String digest) {
    Call call = job.call().in(image.scope());
    try {
      if (known(call, image, digest)) {
        return;
      }
      LayerUpload upload = new LayerUpload(clients, call, image.repository());
      byte[] statement = bytes(statement(job, image, digest));
      byte[] empty = "{}".getBytes(StandardCharsets.UTF_8);
      Map<String, Object> manifest = new LinkedHashMap<>();
      manifest.put("schemaVersion", 2);
      manifest.put("mediaType", MANIFEST);
      manifest.put("artifactType", TYPE);
      manifest.put("config", upload.put(EMPTY, empty));
      manifest.put("layers", List.of(upload.put(TYPE, statement)));
      manifest.put("subject", subject(call, image, digest));
      manifest.put(
          "annotations",
          Map.of(
              "in-toto.io/predicate-type",
              "https://slsa.dev/provenance/v1",
              "dev.freeway.pipeline-execution",
              job.pipeline().arn() + ":" + job.execution().id()));
      clients.call(
          call,
          EcrApi.PUT_IMAGE,
          PutImageRequest.builder()
              .repositoryName(image.repository())
              .imageManifest(new String(bytes(manifest), StandardCharsets.UTF_8))
              .imageManifestMediaType(MANIFEST)
              .build());
    } catch (AwsException e) {
      if (e.serverFault()) {
        throw e;
      }
      LOG.log(
          System.Logger.Level.WARNING,
          "no provenance attached to {0}@{1}: {2}",
          image.repository(),
          digest,
          e.message());
    }
  }

  private boolean known(Call call, EcrImage image, String digest) {
    var ask =
        ListImageReferrersRequest.builder()
            .repositoryName(image.repository())
            .subjectId(new SubjectIdentifier(digest))
            .filter(ListImageReferrersFilter.builder().artifactTypes(List.of(TYPE)).build())
            .build();
    var found = clients.call(call, EcrApi.LIST_IMAGE_REFERRERS, ask).referrers();
    return found != null
        && found.stream()
            .anyMatch(
                r ->
                    r.annotations() != null
                        && r.annotations().containsKey("dev.freeway.pipeline-execution"));
  }

  private Map<String, Object> subject(Call call, EcrImage image, String digest) {
    var ask =
        DescribeImagesRequest.builder()
            .repositoryName(image.repository())
            .imageIds(List.of(ImageIdentifier.builder().imageDigest(digest).build()))
            .build();
    ImageDetail found = clients.call(call, EcrApi.DESCRIBE_IMAGES, ask).imageDetails().getFirst();
    return LayerUpload.descriptor(
        found.imageManifestMediaType(), digest, manifestSize(call, image, digest));
  }

  private long manifestSize(Call call, EcrImage image, String digest) {
    var ask =
        dev.freeway.codepipeline.uses.ecr.BatchGetImageRequest.builder()
            .repositoryName(image.repository())
            .imageIds(List.of(ImageIdentifier.builder().imageDigest(digest).build()))
            .build();
    return clients
        .call(call, EcrApi.BATCH_GET_IMAGE, ask)
        .images()
        .getFirst()
        .imageManifest()
        .getBytes(StandardCharsets.UTF_8)
        .length;
  }

  private Map<String, Object> statement(Job job, EcrImage image, String digest) {
    Execution e =
        store
            .read(tx -> executions.byNumber(tx, job.pipeline(), job.execution().number()))
            .orElse(job.execution());
    List<Map<String, Object>> sources = new ArrayList<>();
    for (ActionDeclaration a : Pipeline.sources(e.declaration())) {
      if (a.outputArtifacts() != null) {
        a.outputArtifacts().stream()
            .map(o -> e.artifacts().get(o.name()))
            .filter(x -> x != null && x.revision() != null)
            .forEach(x -> sources.add(source(a, x)));
      }
    }
    List<Map<String, Object>> byproducts = new ArrayList<>();
    for (ActionRun run : store.read(tx -> executions.runs(tx, job.pipeline(), e))) {
      if (run.externalId() != null
          && !run.stage().equals(e.declaration().stages().getFirst().name())) {
        byproducts.add(Map.of("name", run.stage() + "/" + run.action(), "uri", run.externalId()));
      }
    }
    String pipeline = job.pipeline().arn();
    Map<String, Object> definition = new LinkedHashMap<>();
    definition.put("buildType", "https://freeway.dev/codepipeline/v1");
    definition.put(
        "externalParameters",
        Map.of(
            "pipeline",
            pipeline,
            "version",
            e.version(),
            "variables",
            e.variables().getOrDefault("variables", Map.of())));
    definition.put("resolvedDependencies", sources);
    Map<String, Object> run = new LinkedHashMap<>();
    run.put("builder", Map.of("id", pipeline + "/" + job.run().stage() + "/" + job.run().action()));
    run.put(
        "metadata",
        Map.of("invocationId", pipeline + ":" + e.id(), "startedOn", e.started().toString()));
    run.put("byproducts", byproducts);
    Map<String, Object> statement = new LinkedHashMap<>();
    statement.put("_type", "https://in-toto.io/Statement/v1");
    statement.put(
        "subject",
        List.of(
            Map.of(
                "name",
                image.repositoryUri(),
                "digest",
                Map.of("sha256", digest.substring("sha256:".length())))));
    statement.put("predicateType", "https://slsa.dev/provenance/v1");
    statement.put("predicate", Map.of("buildDefinition", definition, "runDetails", run));
    return statement;
  }

  private static Map<String, Object> source(ActionDeclaration a, Artifact x) {
    Map<String, String> c = a.configuration() == null ? Map.of() : a.configuration();
    Map<String, Object> source = new LinkedHashMap<>();
    String revision = String.valueOf(x.revision());
    switch (a.actionTypeId().provider()) {
      case "CodeCommit" -> {
        source.put("uri", "codecommit://" + c.get("RepositoryName"));
        source.put("digest", Map.of("gitCommit", revision));
      }
      case "S3" -> {
        source.put("uri", "s3://" + c.get("S3Bucket") + "/" + c.get("S3ObjectKey"));
        source.put("annotations", Map.of("version", revision));
      }
      default -> {
        source.put("uri", a.actionTypeId().provider() + ":" + a.name());
        source.put("annotations", Map.of("revision", revision));
      }
    }
    source.put("name", a.name());
    if (x.digest() != null) {
      source.put("content", x.digest());
    }
    return source;
  }

  private static byte[] bytes(Map<String, Object> json) {
    return JsonMapper.shared().writeValueAsString(json).getBytes(StandardCharsets.UTF_8);
  }
}
