package dev.freeway.secretsmanager;

import dev.freeway.platform.Call;
import dev.freeway.secretsmanager.api.*;
import dev.freeway.store.Store;
import dev.freeway.wire.AwsException;

/// Rotation is the work of a Lambda function, and Freeway cannot invoke one yet: RotateSecret says
/// so with AWS's own error, and changes nothing.
final class RotationOperations {
  private final Store store;
  private final Secrets secrets;

  RotationOperations(Store store, Secrets secrets) {
    this.store = store;
    this.secrets = secrets;
  }

  RotateSecretResponse rotate(Call call, RotateSecretRequest in) {
    Secret s = store.read(tx -> secrets.requireOwn(tx, call, in.secretId()));
    boolean known = s.rotation() != null && s.rotation().lambdaArn() != null;
    if (in.rotationLambdaARN() == null && !known) {
      throw SecretsmanagerErrors.invalidRequestException(
          "No Lambda rotation function ARN is associated with this secret.");
    }
    throw AwsException.client(
        "AccessDeniedException",
        "Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy grants access to the principal secretsmanager.amazonaws.com.");
  }

  CancelRotateSecretResponse cancel(Call call, CancelRotateSecretRequest in) {
    return store.write(
        tx -> {
          Secret s = secrets.requireOwn(tx, call, in.secretId());
          Secret.Rotation r = s.rotation();
          if (r != null) {
            secrets.save(
                tx,
                s.edit()
                    .rotation(new Secret.Rotation(false, r.lambdaArn(), r.rules(), r.last()))
                    .build());
          }
          return new CancelRotateSecretResponse(
              s.arn(), s.name(), s.staged("AWSPENDING").map(Secret.Version::id).orElse(null));
        });
  }
}
