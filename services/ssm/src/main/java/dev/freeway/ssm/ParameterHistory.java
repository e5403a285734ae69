package dev.freeway.ssm;

import dev.freeway.platform.Call;
import dev.freeway.platform.Page;
import dev.freeway.ssm.api.GetParameterHistoryRequest;
import dev.freeway.ssm.api.GetParameterHistoryResult;
import dev.freeway.ssm.api.LabelParameterVersionRequest;
import dev.freeway.ssm.api.LabelParameterVersionResult;
import dev.freeway.ssm.api.SsmErrors;
import dev.freeway.ssm.api.UnlabelParameterVersionRequest;
import dev.freeway.ssm.api.UnlabelParameterVersionResult;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Versions of a parameter and the labels that move between them.
final class ParameterHistory {
  private static final int PAGE = 50;
  private static final int MAX_LABELS = 10;
  private static final Pattern LABEL = Pattern.compile("(?!aws|ssm|[0-9])[a-zA-Z0-9_.-]{1,100}");

  private final Store store;
  private final Parameters parameters;
  private final SecureValue secure;

  ParameterHistory(Store store, Parameters parameters, SecureValue secure) {
    this.secure = secure;
    this.store = store;
    this.parameters = parameters;
  }

  GetParameterHistoryResult list(Call call, GetParameterHistoryRequest in) {
    StoredParameter parameter = store.read(tx -> parameters.require(tx, call, in.name()));
    List<StoredParameter.Version> all = store.read(tx -> parameters.versions(tx, call, parameter));
    var page =
        Page.of(
            all,
            v -> "%019d".formatted(v.number()),
            in.nextToken(),
            in.maxResults(),
            PAGE,
            SsmErrors.invalidNextToken("The specified token isn't valid."));
    return GetParameterHistoryResult.builder()
        .parameters(page.map(v -> view(call, parameter, v, in.withDecryption())))
        .nextToken(page.nextToken())
        .build();
  }

  private dev.freeway.ssm.api.ParameterHistory view(
      Call call, StoredParameter p, StoredParameter.Version v, @Nullable Boolean decrypt) {
    return dev.freeway.ssm.api.ParameterHistory.builder()
        .name(p.name())
        .type(v.type())
        .keyId(v.keyId())
        .lastModifiedDate(v.modified())
        .lastModifiedUser(v.modifiedBy())
        .description(v.description())
        .value(secure.read(call, p.arn(call), v, decrypt))
        .allowedPattern(v.allowedPattern())
        .version(v.number())
        .labels(v.labels())
        .tier(v.tier())
        .policies(List.of())
        .dataType(v.dataType())
        .build();
  }

  LabelParameterVersionResult label(Call call, LabelParameterVersionRequest in) {
    List<String> invalid = in.labels().stream().filter(l -> !LABEL.matcher(l).matches()).toList();
    List<String> valid = in.labels().stream().filter(l -> !invalid.contains(l)).toList();
    return store.write(
        tx -> {
          StoredParameter p = parameters.require(tx, call, in.name());
          long number = in.parameterVersion() == null ? p.latest().number() : in.parameterVersion();
          requireVersion(tx, call, p, number);
          for (StoredParameter.Version v : parameters.versions(tx, call, p)) {
            List<String> labels = new ArrayList<>(v.labels());
            labels.removeAll(valid);
            if (v.number() == number) {
              labels.addAll(valid);
            }
            if (labels.size() > MAX_LABELS) {
              throw SsmErrors.parameterVersionLabelLimitExceeded(
                  "A parameter version can have a maximum of ten labels.");
            }
            if (!labels.equals(v.labels())) {
              parameters.saveVersion(tx, call, p, v.withLabels(labels));
            }
          }
          return LabelParameterVersionResult.builder()
              .invalidLabels(invalid)
              .parameterVersion(number)
              .build();
        });
  }

  UnlabelParameterVersionResult unlabel(Call call, UnlabelParameterVersionRequest in) {
    return store.write(
        tx -> {
          StoredParameter p = parameters.require(tx, call, in.name());
          StoredParameter.Version v = requireVersion(tx, call, p, in.parameterVersion());
          List<String> removed = in.labels().stream().filter(v.labels()::contains).toList();
          List<String> kept = v.labels().stream().filter(l -> !removed.contains(l)).toList();
          parameters.saveVersion(tx, call, p, v.withLabels(kept));
          return UnlabelParameterVersionResult.builder()
              .removedLabels(removed)
              .invalidLabels(in.labels().stream().filter(l -> !removed.contains(l)).toList())
              .build();
        });
  }

  private StoredParameter.Version requireVersion(
      ReadTx tx, Call call, StoredParameter p, long number) {
    return parameters
        .version(tx, call, p, Long.toString(number))
        .orElseThrow(
            () ->
                SsmErrors.parameterVersionNotFound(
                    "Systems Manager could not find version "
                        + number
                        + " of "
                        + p.name()
                        + ". Verify the version and try again."));
  }
}
