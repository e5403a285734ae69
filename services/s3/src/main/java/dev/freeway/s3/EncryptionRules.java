package dev.freeway.s3;

import dev.freeway.s3.api.ServerSideEncryptionByDefault;
import dev.freeway.s3.api.ServerSideEncryptionConfiguration;
import dev.freeway.s3.api.ServerSideEncryptionRule;

/// Which default encryptions of a bucket S3 takes.
final class EncryptionRules {
  private EncryptionRules() {}

  static void check(ServerSideEncryptionConfiguration c) {
    if (c.rules() == null || c.rules().size() != 1) {
      throw S3Error.malformedXml();
    }
    for (ServerSideEncryptionRule rule : c.rules()) {
      ServerSideEncryptionByDefault d = rule.applyServerSideEncryptionByDefault();
      if (d != null && d.kmsMasterKeyID() != null && !d.sseAlgorithm().startsWith("aws:kms")) {
        throw S3Error.invalidArgument(
            "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse",
            "ApplyServerSideEncryptionByDefault",
            d.sseAlgorithm());
      }
    }
  }
}
