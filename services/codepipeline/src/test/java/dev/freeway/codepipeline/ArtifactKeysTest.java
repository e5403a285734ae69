package dev.freeway.codepipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.codepipeline.api.ArtifactStore;
import dev.freeway.codepipeline.api.EncryptionKey;
import dev.freeway.codepipeline.api.PipelineDeclaration;
import dev.freeway.kms.api.CreateKeyRequest;
import dev.freeway.kms.api.DisableKeyRequest;
import dev.freeway.kms.api.KmsApi;
import dev.freeway.s3.api.HeadObjectRequest;
import dev.freeway.s3.api.ListObjectsV2Request;
import dev.freeway.s3.api.S3Api;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ArtifactKeysTest {
  private final Lab lab = new Lab();

  @AfterEach
  void close() {
    lab.close();
  }

  private static PipelineDeclaration.Builder pipeline(String key) {
    return Lab.pipeline(Lab.source(), Lab.stage("Hold", Lab.approval("Ok")))
        .artifactStore(
            ArtifactStore.builder()
                .type("S3")
                .location("artifacts")
                .encryptionKey(new EncryptionKey(key, "KMS"))
                .build());
  }

  private String key() {
    return lab.node.call(KmsApi.CREATE_KEY, CreateKeyRequest.builder().build()).keyMetadata().arn();
  }

  @Test
  void artifactsArePutWithTheKeyOfTheStore() {
    String key = key();
    lab.create(pipeline(key));
    assertEquals("InProgress", lab.executions().getFirst().status());
    var made =
        lab.node
            .call(S3Api.LIST_OBJECTS_V2, ListObjectsV2Request.builder().bucket("artifacts").build())
            .contents();
    assertEquals(1, made.size());
    var head =
        lab.node.call(
            S3Api.HEAD_OBJECT,
            HeadObjectRequest.builder().bucket("artifacts").key(made.getFirst().key()).build());
    assertEquals("aws:kms", head.serverSideEncryption());
    assertEquals(key, head.ssekmsKeyId());
    assertTrue(head.contentLength() > 0);
  }

  @Test
  void theSourceFailsWithoutTheKey() {
    lab.create(
        pipeline("arn:aws:kms:us-east-1:000000000000:key/11111111-2222-3333-4444-555555555555"));
    var error = lab.state("Source").actionStates().getFirst().latestExecution().errorDetails();
    assertTrue(error.message().contains("NotFoundException"), error.message());
    assertEquals(0, lab.git.archives);
  }

  @Test
  void theSourceFailsWithAKeyThatIsDisabled() {
    String key = key();
    lab.node.call(KmsApi.DISABLE_KEY, DisableKeyRequest.builder().keyId(key).build());
    lab.create(pipeline(key));
    var error = lab.state("Source").actionStates().getFirst().latestExecution().errorDetails();
    assertTrue(error.message().contains("KMS.DisabledException"), error.message());
  }
}
