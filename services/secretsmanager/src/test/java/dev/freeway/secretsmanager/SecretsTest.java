package dev.freeway.secretsmanager;

import static dev.freeway.secretsmanager.api.SecretsmanagerApi.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.kms.Kms;
import dev.freeway.platform.Call;
import dev.freeway.platform.Scope;
import dev.freeway.secretsmanager.api.*;
import dev.freeway.testkit.TestNode;
import dev.freeway.wire.AwsException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class SecretsTest {
  private static final String TOKEN = "12345678-1234-1234-1234-123456789012";
  private final TestNode node = TestNode.of(Kms::new, Secretsmanager::new);

  @AfterEach
  void close() {
    node.close();
  }

  private CreateSecretResponse create(String name, String value) {
    return node.call(
        CREATE_SECRET, CreateSecretRequest.builder().name(name).secretString(value).build());
  }

  private PutSecretValueResponse put(String id, String value, String token, String... stages) {
    return node.call(
        PUT_SECRET_VALUE,
        PutSecretValueRequest.builder()
            .secretId(id)
            .secretString(value)
            .clientRequestToken(token)
            .versionStages(stages.length == 0 ? null : List.of(stages))
            .build());
  }

  private String get(String id) {
    return get(id, null);
  }

  private String get(String id, String stage) {
    return node.call(
            GET_SECRET_VALUE,
            GetSecretValueRequest.builder().secretId(id).versionStage(stage).build())
        .secretString();
  }

  private static void refused(String code, Executable what) {
    assertEquals(code, assertThrows(AwsException.class, what).code());
  }

  @Test
  void aSecretIsFoundByNameAndArnAndItsBeginning() {
    String arn = create("db/password", "one").arn();
    assertEquals("one", get("db/password"));
    assertEquals("one", get(arn));
    assertEquals("one", get(arn.substring(0, arn.length() - 7)));
    refused("ResourceNotFoundException", () -> get("db/other"));
    refused("ResourceExistsException", () -> create("db/password", "two"));
  }

  @Test
  void whatWasCurrentBecomesPrevious() {
    create("s", "one");
    put("s", "two", null);
    assertEquals("two", get("s"));
    assertEquals("one", get("s", "AWSPREVIOUS"));
    put("s", "three", TOKEN, "AWSPENDING");
    assertEquals("two", get("s"));
    assertEquals("three", get("s", "AWSPENDING"));
  }

  @Test
  void aTokenMakesOneVersion() {
    create("s", "one");
    put("s", "two", TOKEN);
    put("s", "two", TOKEN);
    assertEquals("one", get("s", "AWSPREVIOUS"));
    refused("ResourceExistsException", () -> put("s", "three", TOKEN));
  }

  @Test
  void currentIsMovedByNamingWhereItIs() {
    String first = create("s", "one").versionId();
    String second = put("s", "two", null).versionId();
    var move =
        UpdateSecretVersionStageRequest.builder()
            .secretId("s")
            .versionStage("AWSCURRENT")
            .moveToVersionId(first);
    refused(
        "InvalidParameterException", () -> node.call(UPDATE_SECRET_VERSION_STAGE, move.build()));
    node.call(UPDATE_SECRET_VERSION_STAGE, move.removeFromVersionId(second).build());
    assertEquals("one", get("s"));
    assertEquals("two", get("s", "AWSPREVIOUS"));
  }

  @Test
  void aDeletedSecretComesBackUntilItsWindowIsOver() {
    create("s", "one");
    var delete = DeleteSecretRequest.builder().secretId("s").recoveryWindowInDays(7L).build();
    node.call(DELETE_SECRET, delete);
    refused("InvalidRequestException", () -> get("s"));
    refused("InvalidRequestException", () -> create("s", "two"));
    node.call(RESTORE_SECRET, new RestoreSecretRequest("s"));
    node.advance(Duration.ofDays(8));
    assertEquals("one", get("s"));
    node.call(DELETE_SECRET, delete);
    node.advance(Duration.ofDays(7));
    refused("ResourceNotFoundException", () -> get("s"));
    create("s", "two");
  }

  @Test
  void replicasReadThePrimaryAndStandAloneWhenPromoted() {
    create("s", "one");
    node.call(
        REPLICATE_SECRET_TO_REGIONS,
        ReplicateSecretToRegionsRequest.builder()
            .secretId("s")
            .addReplicaRegions(List.of(ReplicaRegionType.builder().region("eu-west-1").build()))
            .build());
    put("s", "two", null);
    Call there = node.call().in(new Scope("000000000000", "eu-west-1"));
    var ask = GetSecretValueRequest.builder().secretId("s").build();
    var clients = node.platform().clients();
    assertEquals("two", clients.call(there, GET_SECRET_VALUE, ask).secretString());
    refused(
        "InvalidRequestException",
        () ->
            clients.call(
                there,
                PUT_SECRET_VALUE,
                PutSecretValueRequest.builder().secretId("s").secretString("x").build()));
    clients.call(there, STOP_REPLICATION_TO_REPLICA, new StopReplicationToReplicaRequest("s"));
    put("s", "three", null);
    assertEquals("two", clients.call(there, GET_SECRET_VALUE, ask).secretString());
  }

  @Test
  void filtersArePrefixesAndMayBeNegated() {
    create("prod/a", "1");
    create("prod/b", "2");
    create("test/a", "3");
    assertEquals(2, list("name", "prod").size());
    assertEquals(1, list("name", "!prod").size());
    var found =
        node.call(
            BATCH_GET_SECRET_VALUE,
            BatchGetSecretValueRequest.builder().secretIdList(List.of("prod/a", "none")).build());
    assertEquals("1", found.secretValues().getFirst().secretString());
    assertEquals("ResourceNotFoundException", found.errors().getFirst().errorCode());
  }

  private List<SecretListEntry> list(String key, String value) {
    return node.call(
            LIST_SECRETS,
            ListSecretsRequest.builder().filters(List.of(new Filter(key, List.of(value)))).build())
        .secretList();
  }

  @Test
  void passwordsHaveWhatIsAsked() {
    String password =
        node.call(
                GET_RANDOM_PASSWORD,
                GetRandomPasswordRequest.builder()
                    .passwordLength(12L)
                    .excludePunctuation(true)
                    .excludeCharacters("0O")
                    .build())
            .randomPassword();
    assertTrue(password.matches("[a-zA-Z1-9]{12}"), password);
    assertTrue(password.matches(".*[1-9].*"), password);
  }

  @Test
  void withoutItsKeyAValueIsNotRead() {
    create("s", "one");
    var keys = node.platform().clients();
    String id =
        keys.call(
                node.call(),
                dev.freeway.kms.api.KmsApi.DESCRIBE_KEY,
                dev.freeway.kms.api.DescribeKeyRequest.builder()
                    .keyId("alias/aws/secretsmanager")
                    .build())
            .keyMetadata()
            .keyId();
    assertTrue(!id.isEmpty());
    refused(
        "EncryptionFailure",
        () ->
            node.call(
                CREATE_SECRET,
                CreateSecretRequest.builder()
                    .name("t")
                    .secretString("x")
                    .kmsKeyId("alias/none")
                    .build()));
  }

  @Test
  void tagsRoundTrip() {
    create("s", "one");
    node.call(TAG_RESOURCE, new TagResourceRequest("s", List.of(new Tag("a", "b"))));
    assertEquals(
        Map.of("a", "b"),
        Map.ofEntries(
            node.call(DESCRIBE_SECRET, new DescribeSecretRequest("s")).tags().stream()
                .map(t -> Map.entry(t.key(), t.value()))
                .toArray(Map.Entry[]::new)));
  }
}
