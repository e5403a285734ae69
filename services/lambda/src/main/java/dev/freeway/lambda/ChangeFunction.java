package dev.freeway.lambda;

import dev.freeway.lambda.api.CreateFunctionRequest;
import dev.freeway.lambda.api.FunctionCode;
import dev.freeway.lambda.api.FunctionConfiguration;
import dev.freeway.lambda.api.LambdaErrors;
import dev.freeway.lambda.api.UpdateFunctionCodeRequest;
import dev.freeway.lambda.api.UpdateFunctionConfigurationRequest;
import dev.freeway.platform.Call;
import dev.freeway.platform.Ids;
import dev.freeway.platform.Platform;
import dev.freeway.store.Tx;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes functions and changes them. What was asked for is stored at once as pending or in
/// progress; [FunctionReconciler] makes it ready.
final class ChangeFunction {
  private final Platform platform;
  private final Functions functions;
  private final CodeChoice choice;
  private final Configurations configurations;
  private final FunctionChecks checks;
  private final ExecutionRole role;
  private final Layers layers;
  private final Publishing publishing;

  ChangeFunction(
      Platform platform,
      Functions functions,
      CodeChoice choice,
      Layers layers,
      Publishing publishing) {
    this.platform = platform;
    this.functions = functions;
    this.choice = choice;
    this.configurations = new Configurations(platform);
    this.checks = new FunctionChecks(platform);
    this.role = new ExecutionRole(platform);
    this.layers = layers;
    this.publishing = publishing;
  }

  FunctionConfiguration create(Call call, CreateFunctionRequest in) {
    FunctionRef ref = FunctionRef.of(call.scope(), in.functionName()).at(null);
    FunctionCode code = in.code();
    String kind = in.packageType() == null ? "Zip" : in.packageType();
    FunctionChecks.kind(kind, in.runtime(), in.handler(), code.imageUri());
    FunctionChecks.variables(in.environment() == null ? null : in.environment().variables());
    FunctionChecks.deadLetters(
        in.deadLetterConfig() == null ? null : in.deadLetterConfig().targetArn());
    Untold.refuse(in);
    platform.store().read(tx -> absent(functions.find(tx, ref).isPresent(), ref));
    checks.role(call.scope(), in.role());
    CodeChoice.Chosen chosen =
        choice.of(
            call,
            code.zipFile(),
            code.s3Bucket(),
            code.s3Key(),
            code.s3ObjectVersion(),
            code.imageUri());
    Layers.Chosen over = layers.choose(call, in.layers());
    FunctionConfiguration config =
        configurations.of(call, in, ref).toBuilder()
            .codeSize(chosen.bytes())
            .codeSha256(chosen.sha256())
            .layers(over.shown())
            .state("Pending")
            .stateReason("The function is being created.")
            .stateReasonCode("Creating")
            .build();
    role.deadLetters(call.scope(), config);
    return platform
        .store()
        .write(
            tx -> {
              absent(functions.find(tx, ref).isPresent(), ref);
              StoredFunction f =
                  new StoredFunction(
                      ref.scope().account(),
                      ref.scope().region(),
                      ref.name(),
                      Ids.hex(16),
                      0,
                      null,
                      in.tags(),
                      null,
                      null);
              functions.save(tx, f);
              StoredVersion latest = version(ref, config, chosen, over.hashes());
              functions.save(tx, latest);
              wake(tx, ref);
              return Boolean.TRUE.equals(in.publish())
                  ? publishing.publish(tx, f, latest, null)
                  : config;
            });
  }

  private static boolean absent(boolean there, FunctionRef ref) {
    if (there) {
      throw LambdaErrors.resourceConflictException("Function already exist: " + ref.name())
          .with("Type", "User");
    }
    return true;
  }

  private static StoredVersion version(
      FunctionRef ref,
      FunctionConfiguration config,
      CodeChoice.Chosen chosen,
      List<String> layerHashes) {
    return new StoredVersion(
        ref.scope().account(),
        ref.scope().region(),
        config,
        chosen.hash(),
        layerHashes,
        chosen.image(),
        chosen.resolved(),
        Ids.hex(16));
  }

  private void wake(Tx tx, FunctionRef ref) {
    platform.flow().wake(tx, FunctionReconciler.KIND, ref.key());
  }

  FunctionConfiguration code(Call call, UpdateFunctionCodeRequest in) {
    FunctionRef ref = FunctionRef.of(call.scope(), in.functionName()).at(null);
    StoredVersion before = platform.store().read(tx -> functions.resolve(tx, ref));
    changeable(before, in.revisionId());
    if (before.isImage() != (in.imageUri() != null)) {
      throw FunctionChecks.invalid(
          before.isImage()
              ? "Please provide ImageUri when updating a function with packageType Image."
              : "Please don't provide ImageUri when updating a function with packageType Zip.");
    }
    CodeChoice.Chosen chosen =
        choice.of(
            call, in.zipFile(), in.s3Bucket(), in.s3Key(), in.s3ObjectVersion(), in.imageUri());
    boolean dry = Boolean.TRUE.equals(in.dryRun());
    return platform
        .store()
        .write(
            tx -> {
              StoredVersion now = functions.resolve(tx, ref);
              changeable(now, in.revisionId());
              FunctionConfiguration config =
                  now.config().toBuilder()
                      .codeSize(chosen.bytes())
                      .codeSha256(chosen.sha256())
                      .architectures(
                          in.architectures() == null
                              ? now.config().architectures()
                              : in.architectures())
                      .build();
              if (dry) {
                return config;
              }
              StoredVersion next = version(ref, updating(call, config), chosen, now.layerHashes());
              return save(tx, ref, next, Boolean.TRUE.equals(in.publish()));
            });
  }

  FunctionConfiguration configuration(Call call, UpdateFunctionConfigurationRequest in) {
    FunctionRef ref = FunctionRef.of(call.scope(), in.functionName()).at(null);
    StoredVersion before = platform.store().read(tx -> functions.resolve(tx, ref));
    changeable(before, in.revisionId());
    FunctionChecks.variables(in.environment() == null ? null : in.environment().variables());
    FunctionChecks.deadLetters(
        in.deadLetterConfig() == null ? null : in.deadLetterConfig().targetArn());
    if (in.runtime() != null) {
      Runtimes.check(in.runtime());
    }
    Untold.refuse(in);
    if (in.role() != null) {
      checks.role(call.scope(), in.role());
    }
    Layers.@Nullable Chosen over = in.layers() == null ? null : layers.choose(call, in.layers());
    FunctionConfiguration wanted = configurations.changed(call, before.config(), in);
    if (in.deadLetterConfig() != null) {
      role.deadLetters(call.scope(), wanted);
    }
    return platform
        .store()
        .write(
            tx -> {
              StoredVersion now = functions.resolve(tx, ref);
              // Configuration that changed meanwhile would be lost.
              changeable(now, before.config().revisionId());
              FunctionConfiguration config =
                  over == null ? wanted : wanted.toBuilder().layers(over.shown()).build();
              StoredVersion next =
                  new StoredVersion(
                      now.account(),
                      now.region(),
                      updating(call, config),
                      now.codeHash(),
                      over == null ? now.layerHashes() : over.hashes(),
                      now.image(),
                      now.resolvedImage(),
                      Ids.hex(16));
              return save(tx, ref, next, false);
            });
  }

  private static void changeable(StoredVersion v, @Nullable String revision) {
    Publishing.sameRevision(v.config().revisionId(), revision);
    if (!v.active() && !"Failed".equals(v.config().state())) {
      throw LambdaErrors.resourceConflictException(
              "The operation cannot be performed at this time. The function is currently in the following state: "
                  + v.config().state())
          .with("Type", "User");
    }
    if ("InProgress".equals(v.config().lastUpdateStatus())) {
      throw LambdaErrors.resourceConflictException(
              "The operation cannot be performed at this time. An update is in progress for resource: "
                  + v.config().functionArn())
          .with("Type", "User");
    }
  }

  private static FunctionConfiguration updating(Call call, FunctionConfiguration config) {
    return config.toBuilder()
        .revisionId(Ids.uuid())
        .lastModified(Configurations.modified(call.at()))
        .lastUpdateStatus("InProgress")
        .lastUpdateStatusReason("The function is being created.")
        .lastUpdateStatusReasonCode("Creating")
        .build();
  }

  private FunctionConfiguration save(Tx tx, FunctionRef ref, StoredVersion next, boolean publish) {
    functions.save(tx, next);
    wake(tx, ref);
    return publish ? publishing.publish(tx, functions.get(tx, ref), next, null) : next.config();
  }
}
