package dev.freeway.ecr;

import static dev.freeway.ecr.api.EcrApi.*;
import static org.junit.jupiter.api.Assertions.*;

import dev.freeway.containers.image.Credentials;
import dev.freeway.containers.image.Descriptor;
import dev.freeway.containers.image.HttpRegistry;
import dev.freeway.containers.image.Manifest;
import dev.freeway.containers.image.Reference;
import dev.freeway.containers.image.Registry;
import dev.freeway.ecr.api.*;
import dev.freeway.testkit.TestNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class LocalRegistryTest {
  private static final String NAME = "localhost:4566/000000000000/us-east-1/team/web";

  private Ecr ecr;
  private final TestNode node = TestNode.of(p -> ecr = new Ecr(p));

  @AfterEach
  void close() {
    node.close();
  }

  private Credentials credentials() {
    String token =
        node.call(GET_AUTHORIZATION_TOKEN, GetAuthorizationTokenRequest.builder().build())
            .authorizationData()
            .getFirst()
            .authorizationToken();
    String text = new String(Base64.getDecoder().decode(token), StandardCharsets.UTF_8);
    return new Credentials("AWS", text.substring("AWS:".length()));
  }

  private static Manifest push(Registry to, String tagged) throws IOException {
    Reference reference = Reference.parse(tagged);
    for (String content : new String[] {"{}", "layer"}) {
      byte[] bytes = ManifestDocument.utf8(content);
      String digest = ManifestDocument.sha256(bytes);
      assertFalse(to.hasBlob(reference, digest));
      to.putBlob(
          reference, new Descriptor("x", digest, bytes.length), new ByteArrayInputStream(bytes));
    }
    Manifest manifest =
        new Manifest(
            Manifest.OCI,
            ManifestDocument.utf8(
                EcrFixture.manifest(EcrFixture.sha("{}"), EcrFixture.sha("layer"))));
    to.putManifest(reference, manifest);
    return manifest;
  }

  private void create() {
    node.call(
        CREATE_REPOSITORY, CreateRepositoryRequest.builder().repositoryName("team/web").build());
  }

  @Test
  void whatABuildPushesTheContainersOfThisProcessFindAsFiles() throws Exception {
    create();
    Manifest pushed = push(ecr.registries().at("localhost:4566", credentials()), NAME + ":v1");
    for (String name :
        new String[] {
          NAME, "000000000000.dkr.ecr.us-east-1.amazonaws.com/team/web",
        }) {
      Reference reference = Reference.parse(name + ":v1");
      assertEquals(pushed.digest(), ecr.images().resolve(reference).orElseThrow().digest());
      var file = ecr.images().file(reference, EcrFixture.sha("layer")).orElseThrow();
      assertEquals("layer", Files.readString(file));
    }
    assertTrue(ecr.images().resolve(Reference.parse("freeway/base:1")).isEmpty());
    assertTrue(ecr.images().resolve(Reference.parse(NAME + ":v2")).isEmpty());
  }

  @Test
  void takesTheSameOverHttp() throws Exception {
    create();
    Registry http = new HttpRegistry(URI.create(node.endpoint()), credentials());
    http.check();
    Manifest pushed = push(http, NAME + ":v1");
    assertEquals(
        pushed.digest(),
        ecr.images().resolve(Reference.parse(NAME + ":v1")).orElseThrow().digest());
  }

  @Test
  void aBuildWithoutATokenIsRefused() {
    create();
    Registry anonymous = ecr.registries().at("localhost:4566", null);
    assertThrows(IOException.class, anonymous::check);
    assertThrows(IOException.class, () -> anonymous.resolve(Reference.parse(NAME + ":v1")));
  }

  @Test
  void aPushIntoNoRepositorySaysSo() {
    Registry registry = ecr.registries().at("localhost:4566", credentials());
    IOException e = assertThrows(IOException.class, () -> push(registry, NAME + ":v1"));
    assertTrue(e.getMessage().contains("does not exist in the registry"), e.getMessage());
  }
}
