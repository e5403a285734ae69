package dev.freeway.acm;

import static dev.freeway.acm.api.AcmApi.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.acm.api.*;
import dev.freeway.kms.Kms;
import dev.freeway.platform.Certificates;
import dev.freeway.testkit.TestNode;
import dev.freeway.wire.AwsException;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class CertificatesTest {
  private final TestNode node = TestNode.of(Kms::new, Acm::new);

  @AfterEach
  void close() {
    node.close();
  }

  private String request(String export) {
    String arn =
        node.call(
                REQUEST_CERTIFICATE,
                RequestCertificateRequest.builder()
                    .domainName("example.com")
                    .subjectAlternativeNames(List.of("*.example.com"))
                    .validationMethod("DNS")
                    .keyAlgorithm("EC_prime256v1")
                    .options(CertificateOptions.builder().export(export).build())
                    .build())
            .certificateArn();
    assertEquals("PENDING_VALIDATION", describe(arn).status());
    node.run();
    return arn;
  }

  private CertificateDetail describe(String arn) {
    return node.call(DESCRIBE_CERTIFICATE, new DescribeCertificateRequest(arn)).certificate();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static void refused(String code, Executable what) {
    assertEquals(code, assertThrows(AwsException.class, what).code());
  }

  @Test
  void whatIsRequestedIsIssuedByTheLocalAuthority() throws Exception {
    String arn = request(null);
    CertificateDetail d = describe(arn);
    assertEquals("ISSUED", d.status());
    assertEquals("CNAME", d.domainValidationOptions().getFirst().resourceRecord().type());
    var got = node.call(GET_CERTIFICATE, new GetCertificateRequest(arn));
    X509Certificate leaf = Pem.certificates(bytes(got.certificate()), "").getFirst();
    X509Certificate root = Pem.certificates(bytes(got.certificateChain()), "").getFirst();
    leaf.verify(root.getPublicKey());
    root.verify(root.getPublicKey());
    assertEquals(2, leaf.getSubjectAlternativeNames().size());
    assertEquals(root.getSubjectX500Principal(), leaf.getIssuerX500Principal());
    leaf.checkValidity(Date.from(TestNode.START));
  }

  @Test
  void itIsIssuedAnewBeforeItEnds() {
    String arn = request(null);
    String first = describe(arn).serial();
    node.advance(Duration.ofDays(336));
    assertNotEquals(first, describe(arn).serial());
    assertEquals("ISSUED", describe(arn).status());
  }

  @Test
  void onlyServicesReadTheKeyInTheClear() {
    String arn = request(null);
    var ask = new ReadCertificateForServiceRequest(arn);
    refused("AccessDeniedException", () -> node.call(READ_CERTIFICATE_FOR_SERVICE, ask));
    var call = node.platform().background(node.call().scope(), "elasticloadbalancing");
    var clients = node.platform().clients();
    var got = clients.call(call, READ_CERTIFICATE_FOR_SERVICE, ask);
    X509Certificate leaf = Pem.certificates(bytes(got.certificate()), "").getFirst();
    assertTrue(Pem.key(bytes(got.privateKey()), leaf.getPublicKey()).length > 0);
    String user = "arn:aws:elasticloadbalancing:us-east-1:000000000000:loadbalancer/app/a/b";
    clients.call(call, NOTE_CERTIFICATE_USE, new NoteCertificateUseRequest(arn, user, true));
    assertEquals(List.of(user), describe(arn).inUseBy());
    refused(
        "ResourceInUseException",
        () -> node.call(DELETE_CERTIFICATE, new DeleteCertificateRequest(arn)));
  }

  @Test
  void onlyWhatMayBeExportedIs() {
    String arn = request("ENABLED");
    var got = node.call(EXPORT_CERTIFICATE, new ExportCertificateRequest(arn, bytes("secret")));
    assertTrue(got.privateKey().startsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----"));
    String other = request(null);
    refused(
        "ValidationException",
        () -> node.call(EXPORT_CERTIFICATE, new ExportCertificateRequest(other, bytes("secret"))));
  }

  @Test
  void anImportedCertificateNeedsItsOwnKey() throws Exception {
    KeyPair pair = Keys.generate("RSA_2048");
    KeyPair other = Keys.generate("RSA_2048");
    X509Certificate mine =
        Certificates.issue(
            new Certificates.Statement(
                "mine.test",
                List.of("mine.test"),
                pair.getPublic(),
                false,
                TestNode.START.minusSeconds(60),
                TestNode.START.plus(Duration.ofDays(10))),
            new Certificates.Signer(null, pair.getPrivate()));
    byte[] pem = bytes(Certificates.pem("CERTIFICATE", mine.getEncoded()));
    var good =
        ImportCertificateRequest.builder()
            .certificate(pem)
            .privateKey(bytes(Certificates.pem("PRIVATE KEY", pair.getPrivate().getEncoded())));
    String arn = node.call(IMPORT_CERTIFICATE, good.build()).certificateArn();
    CertificateDetail d = describe(arn);
    assertEquals("IMPORTED", d.type());
    assertEquals("mine.test", d.domainName());
    assertArrayEquals(
        pem, bytes(node.call(GET_CERTIFICATE, new GetCertificateRequest(arn)).certificate()));
    byte[] wrong = bytes(Certificates.pem("PRIVATE KEY", other.getPrivate().getEncoded()));
    refused(
        "ValidationException", () -> node.call(IMPORT_CERTIFICATE, good.privateKey(wrong).build()));
    node.advance(Duration.ofDays(11));
    assertEquals("EXPIRED", describe(arn).status());
  }
}
