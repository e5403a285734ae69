package dev.freeway.ecr;

import static dev.freeway.ecr.api.EcrApi.*;
import static org.junit.jupiter.api.Assertions.*;

import dev.freeway.ecr.api.*;
import dev.freeway.platform.Scope;
import dev.freeway.wire.AwsException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What is set for a whole registry, and what follows from it.
final class RegistryTest extends EcrFixture {
  private static final Scope HERE = new Scope("000000000000", "us-east-1");
  private static final Scope REGION = new Scope("000000000000", "eu-west-1");
  private static final Scope ACCOUNT = new Scope("111111111111", "us-east-1");

  @BeforeEach
  void repository() {
    create("team/web");
    login();
  }

  private void replicate(Scope... to) {
    node.call(
        PUT_REPLICATION_CONFIGURATION,
        new PutReplicationConfigurationRequest(
            new ReplicationConfiguration(
                List.of(
                    new ReplicationRule(
                        List.of(to).stream()
                            .map(s -> new ReplicationDestination(s.region(), s.account()))
                            .toList(),
                        List.of(new RepositoryFilter("team/", "PREFIX_MATCH")))))));
  }

  private List<ImageReplicationStatus> replicas(String digest) {
    return node.call(
            DESCRIBE_IMAGE_REPLICATION_STATUS,
            DescribeImageReplicationStatusRequest.builder()
                .repositoryName("team/web")
                .imageId(new ImageIdentifier(digest, null))
                .build())
        .replicationStatuses();
  }

  private <O> List<ImageDetail> imagesOf(Scope scope) {
    return node.platform()
        .clients()
        .call(
            node.call(scope),
            DESCRIBE_IMAGES,
            DescribeImagesRequest.builder().repositoryName("team/web").build())
        .imageDetails();
  }

  private void refused(String message, org.junit.jupiter.api.function.Executable call) {
    AwsException e = assertThrows(AwsException.class, call);
    assertEquals("InvalidParameterException", e.code());
    assertTrue(e.message().contains(message), e.message());
  }

  @Test
  void replicatesToRegionsThatThereAreAndOnceToEach() {
    refused(
        "'mars-north-1' is not a region",
        () -> replicate(new Scope("000000000000", "mars-north-1")));
    refused("must be unique", () -> replicate(REGION, REGION));
    replicate(REGION, new Scope("111111111111", "eu-west-1"));
  }

  @Test
  void aRepositoryPolicyIsAboutActionsOfEcrOnTheRepositoryItself() {
    for (String statement :
        List.of(
            "\"Principal\":\"*\",\"Action\":\"s3:GetObject\"",
            "\"Principal\":\"*\",\"Action\":[\"ecr:BatchGetImage\",\"ecs:RunTask\"]",
            "\"Principal\":\"*\"",
            "\"Action\":\"ecr:BatchGetImage\"",
            "\"Principal\":\"*\",\"Action\":\"ecr:BatchGetImage\",\"Resource\":\"*\"")) {
      refused("Invalid repository policy provided", () -> policy(statement));
    }
    policy("\"Principal\":\"*\",\"Action\":[\"ecr:BatchGetImage\",\"ecr:Get*\"]");
    policy("\"Principal\":{\"AWS\":\"arn:aws:iam::111111111111:root\"},\"Action\":\"ecr:*\"");
  }

  private void policy(String statement) {
    node.call(
        SET_REPOSITORY_POLICY,
        SetRepositoryPolicyRequest.builder()
            .repositoryName("team/web")
            .policyText(
                "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"s\",\"Effect\":\"Allow\","
                    + statement
                    + "}]}")
            .build());
  }

  @Test
  void anImageTagHasItsForm() {
    String digest = push("v1", "one");
    String manifest =
        node.call(
                BATCH_GET_IMAGE,
                BatchGetImageRequest.builder()
                    .repositoryName("team/web")
                    .imageIds(List.of(new ImageIdentifier(digest, null)))
                    .build())
            .images()
            .getFirst()
            .imageManifest();
    for (String tag : List.of("bad tag", "-v1", ".v1", "a/b", "a".repeat(129))) {
      refused("must satisfy regular expression", () -> put(manifest, tag));
    }
    put(manifest, "_v1.0-" + "a".repeat(122));
  }

  private void put(String manifest, String tag) {
    node.call(
        PUT_IMAGE,
        PutImageRequest.builder()
            .repositoryName("team/web")
            .imageManifest(manifest)
            .imageTag(tag)
            .build());
  }

  @Test
  void copiesAPushToAnotherRegion() {
    replicate(REGION);
    String digest = push("v1", "one");
    assertEquals("IN_PROGRESS", replicas(digest).getFirst().status());
    node.run();
    assertEquals(
        List.of(new ImageReplicationStatus("eu-west-1", "000000000000", "COMPLETE", null)),
        replicas(digest));
    assertEquals(List.of("v1"), imagesOf(REGION).getFirst().imageTags());
    String there = REPOSITORY.replace("us-east-1", "eu-west-1");
    assertEquals("one", send("GET", there + "/blobs/" + sha("one"), "").body());
    push("v2", "one");
    node.run();
    assertEquals(List.of("v1", "v2"), imagesOf(REGION).getFirst().imageTags());
  }

  @Test
  void copiesWhatMatchesAloneAndNoFurther() {
    replicate(REGION);
    node.platform()
        .clients()
        .call(
            node.call(REGION),
            PUT_REPLICATION_CONFIGURATION,
            new PutReplicationConfigurationRequest(
                new ReplicationConfiguration(
                    List.of(
                        new ReplicationRule(
                            List.of(new ReplicationDestination("us-west-2", "000000000000")),
                            null)))));
    push("v1", "one");
    node.run();
    var further = node.call(new Scope("000000000000", "us-west-2"));
    assertTrue(
        node.platform()
            .clients()
            .call(further, DESCRIBE_REPOSITORIES, DescribeRepositoriesRequest.builder().build())
            .repositories()
            .isEmpty());
  }

  @Test
  void anotherAccountsRegistryPolicyHasToAllowIt() {
    replicate(ACCOUNT);
    String digest = push("v1", "one");
    node.run();
    assertEquals("FAILED", replicas(digest).getFirst().status());
    assertEquals("AccessDeniedException", replicas(digest).getFirst().failureCode());
    node.platform()
        .clients()
        .call(
            node.call(ACCOUNT),
            PUT_REGISTRY_POLICY,
            new PutRegistryPolicyRequest(
                """
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow",
                 "Principal":{"AWS":"arn:aws:iam::000000000000:root"},
                 "Action":["ecr:CreateRepository","ecr:ReplicateImage"],
                 "Resource":"arn:aws:ecr:us-east-1:111111111111:repository/*"}]}"""));
    push("v2", "one");
    node.run();
    assertEquals("COMPLETE", replicas(digest).getFirst().status());
    assertEquals(List.of("v1", "v2"), imagesOf(ACCOUNT).getFirst().imageTags());
  }

  @Test
  void aRegistryIsNotItsOwnReplica() {
    var e = assertThrows(AwsException.class, () -> replicate(HERE));
    assertEquals("InvalidParameterException", e.code());
  }

  @Test
  void theRegistryPolicyComesAndGoes() {
    var none =
        assertThrows(
            AwsException.class,
            () -> node.call(GET_REGISTRY_POLICY, new GetRegistryPolicyRequest()));
    assertEquals("RegistryPolicyNotFoundException", none.code());
    assertThrows(
        AwsException.class,
        () -> node.call(PUT_REGISTRY_POLICY, new PutRegistryPolicyRequest("{}")));
    String text = "{\"Statement\":[]}";
    node.call(PUT_REGISTRY_POLICY, new PutRegistryPolicyRequest(text));
    assertEquals(text, node.call(GET_REGISTRY_POLICY, new GetRegistryPolicyRequest()).policyText());
    node.call(DELETE_REGISTRY_POLICY, new DeleteRegistryPolicyRequest());
    assertThrows(
        AwsException.class,
        () -> node.call(DELETE_REGISTRY_POLICY, new DeleteRegistryPolicyRequest()));
  }

  @Test
  void aPushCreatesARepositoryByTheClosestTemplate() {
    String path = "/v2/000000000000/us-east-1/apps/site/blobs/uploads/";
    assertEquals(404, send("POST", path, "").statusCode());
    template("ROOT", "IMMUTABLE", "CREATE_ON_PUSH");
    template("apps", "MUTABLE", "REPLICATION");
    template("apps/site", "MUTABLE", "CREATE_ON_PUSH");
    assertEquals(202, send("POST", path, "").statusCode());
    Repository made =
        node.call(DESCRIBE_REPOSITORIES, DescribeRepositoriesRequest.builder().build())
            .repositories()
            .getFirst();
    assertEquals("apps/site", made.repositoryName());
    assertEquals("IMMUTABLE", made.imageTagMutability(), "apps/site is no folder of itself");
    assertEquals(
        "[Tag[key=made, value=here]]",
        node.call(LIST_TAGS_FOR_RESOURCE, new ListTagsForResourceRequest(made.repositoryArn()))
            .tags()
            .toString());
  }

  private void template(String prefix, String mutability, String why) {
    node.call(
        CREATE_REPOSITORY_CREATION_TEMPLATE,
        CreateRepositoryCreationTemplateRequest.builder()
            .prefix(prefix)
            .imageTagMutability(mutability)
            .resourceTags(List.of(new Tag("made", "here")))
            .appliedFor(List.of(why))
            .build());
  }

  @Test
  void templatesAreChangedAndTakenAway() {
    template("apps", "MUTABLE", "REPLICATION");
    assertEquals(
        "TemplateAlreadyExistsException",
        assertThrows(AwsException.class, () -> template("apps", "MUTABLE", "REPLICATION")).code());
    var t =
        node.call(
                UPDATE_REPOSITORY_CREATION_TEMPLATE,
                UpdateRepositoryCreationTemplateRequest.builder()
                    .prefix("apps")
                    .description("ours")
                    .imageTagMutability("IMMUTABLE_WITH_EXCLUSION")
                    .imageTagMutabilityExclusionFilters(
                        List.of(new ImageTagMutabilityExclusionFilter("WILDCARD", "dev-*")))
                    .build())
            .repositoryCreationTemplate();
    assertEquals("ours", t.description());
    assertEquals(List.of("REPLICATION"), t.appliedFor());
    node.call(
        DELETE_REPOSITORY_CREATION_TEMPLATE, new DeleteRepositoryCreationTemplateRequest("apps"));
    assertTrue(
        node.call(
                DESCRIBE_REPOSITORY_CREATION_TEMPLATES,
                DescribeRepositoryCreationTemplatesRequest.builder().build())
            .repositoryCreationTemplates()
            .isEmpty());
  }

  @Test
  void anArchivedImageIsNotPulled() {
    String digest = push("v1", "one");
    storage(digest, "ARCHIVE");
    assertEquals(403, send("GET", REPOSITORY + "/manifests/v1", "").statusCode());
    ImageDetail detail = imagesOf(HERE).getFirst();
    assertEquals("ARCHIVED", detail.imageStatus());
    assertNotNull(detail.lastArchivedAt());
    assertThrows(AwsException.class, () -> storage(digest, "ARCHIVE"));
    storage(digest, "STANDARD");
    assertEquals(200, send("GET", REPOSITORY + "/manifests/v1", "").statusCode());
  }

  private void storage(String digest, String target) {
    node.call(
        UPDATE_IMAGE_STORAGE_CLASS,
        UpdateImageStorageClassRequest.builder()
            .repositoryName("team/web")
            .imageId(new ImageIdentifier(digest, null))
            .targetStorageClass(target)
            .build());
  }

  @Test
  void anExcludedRolesPullsAreNotNoted() {
    push("v1", "one");
    node.call(
        REGISTER_PULL_TIME_UPDATE_EXCLUSION,
        new RegisterPullTimeUpdateExclusionRequest("arn:aws:iam::000000000000:role/ops/scanner"));
    String session = "arn:aws:sts::000000000000:assumed-role/scanner/s1";
    login(
        "AWS",
        new Tokens(node.platform())
            .issue("000000000000", session, node.call().at().plusSeconds(60)));
    assertEquals(200, send("GET", REPOSITORY + "/manifests/v1", "").statusCode());
    assertNull(imagesOf(HERE).getFirst().lastRecordedPullTime());
    login();
    send("GET", REPOSITORY + "/manifests/v1", "");
    assertNotNull(imagesOf(HERE).getFirst().lastRecordedPullTime());
  }

  @Test
  void anImageThatWasToBeSignedSaysThatItWasNot() {
    node.call(
        PUT_SIGNING_CONFIGURATION,
        new PutSigningConfigurationRequest(
            new SigningConfiguration(
                List.of(
                    new SigningRule(
                        "arn:aws:signer:us-east-1:000000000000:/signing-profiles/ours", null)))));
    push("v1", "one");
    var status =
        node.call(
                DESCRIBE_IMAGE_SIGNING_STATUS,
                DescribeImageSigningStatusRequest.builder()
                    .repositoryName("team/web")
                    .imageId(new ImageIdentifier(null, "v1"))
                    .build())
            .signingStatuses()
            .getFirst();
    assertEquals("FAILED", status.status());
    assertTrue(status.failureReason().contains("AWS Signer"));
  }

  @Test
  void mountsAreAnAccountSetting() {
    create("team/other");
    String digest = blob("shared");
    String mount =
        REPOSITORY.replace("team/web", "team/other")
            + "/blobs/uploads/?mount="
            + digest
            + "&from=000000000000/us-east-1/team/web";
    node.call(PUT_ACCOUNT_SETTING, new PutAccountSettingRequest("BLOB_MOUNTING", "DISABLED"));
    assertEquals(202, send("POST", mount, "").statusCode());
    node.call(PUT_ACCOUNT_SETTING, new PutAccountSettingRequest("BLOB_MOUNTING", "ENABLED"));
    assertEquals(201, send("POST", mount, "").statusCode());
    assertThrows(
        AwsException.class,
        () -> node.call(GET_ACCOUNT_SETTING, new GetAccountSettingRequest("NO_SUCH")));
  }
}
