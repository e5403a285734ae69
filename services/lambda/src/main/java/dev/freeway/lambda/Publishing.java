package dev.freeway.lambda;

import dev.freeway.lambda.api.FunctionConfiguration;
import dev.freeway.lambda.api.LambdaErrors;
import dev.freeway.lambda.api.PublishVersionRequest;
import dev.freeway.platform.Call;
import dev.freeway.platform.Ids;
import dev.freeway.platform.Platform;
import dev.freeway.store.Tx;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// PublishVersion: a copy of `$LATEST` under the next number, unless nothing has changed since the
/// last.
record Publishing(Platform platform, Functions functions) {

  FunctionConfiguration publish(Call call, PublishVersionRequest in) {
    FunctionRef ref = FunctionRef.of(call.scope(), in.functionName()).at(null);
    return platform
        .store()
        .write(
            tx -> {
              StoredFunction f = functions.get(tx, ref);
              StoredVersion latest = functions.resolve(tx, ref);
              sameRevision(latest.config().revisionId(), in.revisionId());
              String sha = latest.config().codeSha256();
              if (in.codeSha256() != null && !in.codeSha256().equals(sha)) {
                throw FunctionChecks.invalid(
                    "CodeSHA256 (%s) is different from current CodeSHA256 in $LATEST (%s). Please try again with the CodeSHA256 in $LATEST."
                        .formatted(in.codeSha256(), sha));
              }
              if ("InProgress".equals(latest.config().lastUpdateStatus())) {
                throw LambdaErrors.resourceConflictException(
                        "The operation cannot be performed at this time. An update is in progress for resource: "
                            + f.arn())
                    .with("Type", "User");
              }
              return publish(tx, f, latest, in.description());
            });
  }

  FunctionConfiguration publish(
      Tx tx, StoredFunction f, StoredVersion latest, @Nullable String description) {
    Optional<StoredVersion> last =
        f.lastVersion() == 0
            ? Optional.empty()
            : functions.version(tx, f.ref().at(String.valueOf(f.lastVersion())));
    if (last.isPresent() && last.get().code().equals(latest.code())) {
      return last.get().config();
    }
    StoredFunction next = f.published();
    String number = String.valueOf(next.lastVersion());
    FunctionConfiguration config =
        latest.config().toBuilder()
            .version(number)
            .functionArn(f.ref().at(number).arn())
            .description(description == null ? latest.config().description() : description)
            .revisionId(Ids.uuid())
            .build();
    functions.save(tx, next);
    functions.save(tx, latest.with(config));
    return config;
  }

  static void sameRevision(String is, @Nullable String asked) {
    if (asked != null && !asked.equals(is)) {
      throw LambdaErrors.preconditionFailedException(
              "The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id")
          .with("Type", "User");
    }
  }
}
