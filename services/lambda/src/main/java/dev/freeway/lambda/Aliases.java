package dev.freeway.lambda;

import dev.freeway.lambda.api.AliasConfiguration;
import dev.freeway.lambda.api.AliasRoutingConfiguration;
import dev.freeway.lambda.api.CreateAliasRequest;
import dev.freeway.lambda.api.DeleteAliasRequest;
import dev.freeway.lambda.api.GetAliasRequest;
import dev.freeway.lambda.api.LambdaErrors;
import dev.freeway.lambda.api.ListAliasesRequest;
import dev.freeway.lambda.api.ListAliasesResponse;
import dev.freeway.lambda.api.UpdateAliasRequest;
import dev.freeway.platform.Call;
import dev.freeway.platform.Ids;
import dev.freeway.platform.Page;
import dev.freeway.platform.Platform;
import dev.freeway.store.ReadTx;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.Structure;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Aliases: names of versions, of which two may share the invocations by weight.
record Aliases(Platform platform, Functions functions) {
  private static final int PAGE = 50;

  AliasConfiguration create(Call call, CreateAliasRequest in) {
    FunctionRef ref = FunctionRef.of(call.scope(), in.functionName()).at(in.name());
    AliasConfiguration alias =
        AliasConfiguration.builder()
            .aliasArn(ref.arn())
            .name(in.name())
            .functionVersion(in.functionVersion())
            .description(in.description() == null ? "" : in.description())
            .routingConfig(kept(in.routingConfig()))
            .revisionId(Ids.uuid())
            .build();
    platform
        .store()
        .update(
            tx -> {
              functions.get(tx, ref.at(null));
              check(tx, ref, alias);
              if (functions.alias(tx, ref).isPresent()) {
                throw LambdaErrors.resourceConflictException("Alias already exists: " + ref.arn())
                    .with("Type", "User");
              }
              functions.save(tx, ref, alias);
            });
    return alias;
  }

  private void check(ReadTx tx, FunctionRef ref, AliasConfiguration alias) {
    version(tx, ref, alias.functionVersion());
    if (alias.routingConfig() == null) {
      return;
    }
    Map<String, Double> weights = alias.routingConfig().additionalVersionWeights();
    if (weights.size() > 1) {
      throw FunctionChecks.invalid(
          "Number of items in AdditionalVersionWeights cannot be greater than 1");
    }
    weights.forEach(
        (version, weight) -> {
          if (version.equals(FunctionRef.LATEST)
              || alias.functionVersion().equals(FunctionRef.LATEST)) {
            throw FunctionChecks.invalid(
                "$LATEST is not supported for an alias pointing to more than 1 version");
          }
          if (version.equals(alias.functionVersion())) {
            throw FunctionChecks.invalid(
                "Invalid function version "
                    + version
                    + ". Function version "
                    + version
                    + " is already included in routing configuration.");
          }
          if (weight < 0 || weight > 1) {
            throw FunctionChecks.invalid("The weight must be between 0.0 and 1.0");
          }
          version(tx, ref, version);
        });
  }

  private void version(ReadTx tx, FunctionRef ref, String version) {
    FunctionRef at = ref.at(version);
    if (!at.latest() && !at.numbered() || functions.version(tx, at).isEmpty()) {
      throw Functions.notFound(at);
    }
  }

  private static @Nullable AliasRoutingConfiguration kept(@Nullable AliasRoutingConfiguration in) {
    return in == null
            || in.additionalVersionWeights() == null
            || in.additionalVersionWeights().isEmpty()
        ? null
        : in;
  }

  AliasConfiguration update(Call call, UpdateAliasRequest in) {
    FunctionRef ref = FunctionRef.of(call.scope(), in.functionName()).at(in.name());
    return platform
        .store()
        .write(
            tx -> {
              AliasConfiguration was = functions.alias(tx, ref).orElseThrow(() -> none(ref));
              Publishing.sameRevision(was.revisionId(), in.revisionId());
              AliasConfiguration.Builder b = was.toBuilder().revisionId(Ids.uuid());
              if (in.functionVersion() != null) {
                b.functionVersion(in.functionVersion());
              }
              if (in.description() != null) {
                b.description(in.description());
              }
              if (in.routingConfig() != null) {
                b.routingConfig(kept(in.routingConfig()));
              }
              AliasConfiguration alias = b.build();
              check(tx, ref, alias);
              functions.save(tx, ref, alias);
              return alias;
            });
  }

  AliasConfiguration get(Call call, GetAliasRequest in) {
    FunctionRef ref = FunctionRef.of(call.scope(), in.functionName()).at(in.name());
    return platform.store().read(tx -> functions.alias(tx, ref)).orElseThrow(() -> none(ref));
  }

  private static AwsException none(FunctionRef ref) {
    return LambdaErrors.resourceNotFoundException("Cannot find alias arn: " + ref.arn())
        .with("Type", "User");
  }

  Structure.Empty delete(Call call, DeleteAliasRequest in) {
    FunctionRef ref = FunctionRef.of(call.scope(), in.functionName()).at(in.name());
    platform
        .store()
        .update(
            tx -> {
              functions.get(tx, ref.at(null));
              functions.deleteAlias(tx, ref);
            });
    return new Structure.Empty();
  }

  ListAliasesResponse list(Call call, ListAliasesRequest in) {
    FunctionRef ref = FunctionRef.of(call.scope(), in.functionName()).at(null);
    List<AliasConfiguration> all =
        platform
            .store()
            .read(
                tx -> {
                  functions.get(tx, ref);
                  return functions.aliases(tx, ref);
                })
            .stream()
            .filter(
                a ->
                    in.functionVersion() == null
                        || a.functionVersion().equals(in.functionVersion()))
            .toList();
    Page<AliasConfiguration> page =
        Page.of(
            all,
            AliasConfiguration::name,
            in.marker(),
            in.maxItems(),
            PAGE,
            ReadFunctions.badMarker());
    return new ListAliasesResponse(page.nextToken(), page.items());
  }
}
