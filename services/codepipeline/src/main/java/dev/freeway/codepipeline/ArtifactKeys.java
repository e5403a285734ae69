package dev.freeway.codepipeline;

import dev.freeway.codepipeline.ActionProvider.Job;
import dev.freeway.codepipeline.api.ArtifactStore;
import dev.freeway.codepipeline.uses.kms.DescribeKeyRequest;
import dev.freeway.codepipeline.uses.kms.KeyMetadata;
import dev.freeway.codepipeline.uses.kms.KmsApi;
import dev.freeway.platform.Call;
import dev.freeway.platform.Clients;
import dev.freeway.platform.Scope;
import dev.freeway.wire.AwsException;
import org.jspecify.annotations.Nullable;

/// The key that a pipeline's artifacts are put with.
record ArtifactKeys(Clients clients) {
  /// The ARN of the key of the action's artifact store; null where the store names none. Throws
  /// where there is no such key, or it cannot be used now.
  @Nullable String of(Job job) {
    ArtifactStore store = job.pipeline().store(job.action().region());
    if (store.encryptionKey() == null) {
      return null;
    }
    // The key is the pipeline's, also where the action acts in another account.
    Call home = job.call().in(new Scope(job.pipeline().scope().account(), job.call().region()));
    var ask = DescribeKeyRequest.builder().keyId(store.encryptionKey().id()).build();
    KeyMetadata key = clients.call(home, KmsApi.DESCRIBE_KEY, ask).keyMetadata();
    if (!"Enabled".equals(key.keyState())) {
      throw AwsException.client(
          "KMS.DisabledException", key.arn() + " is not enabled: " + key.keyState());
    }
    return key.arn();
  }
}
