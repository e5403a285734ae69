package dev.freeway.ssm;

import dev.freeway.platform.Call;
import dev.freeway.platform.Page;
import dev.freeway.ssm.api.GetParameterRequest;
import dev.freeway.ssm.api.GetParameterResult;
import dev.freeway.ssm.api.GetParametersByPathRequest;
import dev.freeway.ssm.api.GetParametersByPathResult;
import dev.freeway.ssm.api.GetParametersRequest;
import dev.freeway.ssm.api.GetParametersResult;
import dev.freeway.ssm.api.Parameter;
import dev.freeway.ssm.api.SsmErrors;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Store;
import dev.freeway.wire.AwsException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads values: one, several, or all below a path.
final class ReadParameters {
  private static final int PAGE = 10;

  private final Store store;
  private final Parameters parameters;
  private final SecureValue secure;

  ReadParameters(Store store, Parameters parameters, SecureValue secure) {
    this.secure = secure;
    this.store = store;
    this.parameters = parameters;
  }

  GetParameterResult one(Call call, GetParameterRequest in) {
    Selected asked = Selected.parse(in.name());
    Found found =
        store.read(
            tx -> {
              StoredParameter p = parameters.require(tx, call, asked.name);
              return parameters
                  .version(tx, call, p, asked.selector)
                  .map(v -> new Found(p, v, asked.selector))
                  .orElseThrow(() -> noVersion(asked));
            });
    return GetParameterResult.builder().parameter(view(call, found, in.withDecryption())).build();
  }

  private static AwsException noVersion(Selected asked) {
    return SsmErrors.parameterVersionNotFound(
        "Systems Manager could not find version "
            + asked.selector
            + " of "
            + asked.name
            + ". Verify the version and try again.");
  }

  GetParametersResult named(Call call, GetParametersRequest in) {
    if (new HashSet<>(in.names()).size() < in.names().size()) {
      throw AwsException.client(
          "ValidationException", "Duplicate parameter names were provided in the request.");
    }
    List<Found> found = new ArrayList<>();
    List<String> invalid = new ArrayList<>();
    store.read(
        tx -> {
          in.names()
              .forEach(n -> find(tx, call, n).ifPresentOrElse(found::add, () -> invalid.add(n)));
          return true;
        });
    return GetParametersResult.builder()
        .parameters(found.stream().map(f -> view(call, f, in.withDecryption())).toList())
        .invalidParameters(invalid)
        .build();
  }

  private Optional<Found> find(ReadTx tx, Call call, String name) {
    Selected asked = Selected.parse(name);
    return parameters
        .find(tx, call, asked.name)
        .flatMap(
            p ->
                parameters
                    .version(tx, call, p, asked.selector)
                    .map(v -> new Found(p, v, asked.selector)));
  }

  GetParametersByPathResult byPath(Call call, GetParametersByPathRequest in) {
    String path = in.path();
    if (!path.startsWith("/")) {
      throw AwsException.client(
          "ValidationException",
          "The parameter doesn't meet the parameter name requirements. The parameter name must begin with a forward slash \"/\". It can't be prefixed with \"aws\" or \"ssm\" (case-insensitive). It must use only letters, numbers, or the following symbols: . (period), - (hyphen), _ (underscore). Special characters are not allowed. All sub-paths, if specified, must use the forward slash symbol \"/\". Valid example: /get/parameters2-/by1./path0_.");
    }
    String below = path.endsWith("/") ? path : path + "/";
    boolean recursive = Boolean.TRUE.equals(in.recursive());
    var filter = new ParameterFilter(in.parameterFilters());
    List<StoredParameter> all =
        store.read(tx -> parameters.startingWith(tx, call, below)).stream()
            .filter(p -> recursive || p.name().indexOf('/', below.length()) < 0)
            .filter(filter::matches)
            .toList();
    var page =
        Page.of(
            all,
            StoredParameter::name,
            in.nextToken(),
            in.maxResults(),
            PAGE,
            SsmErrors.invalidNextToken("The specified token isn't valid."));
    return GetParametersByPathResult.builder()
        .parameters(page.map(p -> view(call, new Found(p, p.latest(), null), in.withDecryption())))
        .nextToken(page.nextToken())
        .build();
  }

  private record Found(
      StoredParameter parameter, StoredParameter.Version version, @Nullable String selector) {}

  private Parameter view(Call call, Found found, @Nullable Boolean decrypt) {
    StoredParameter p = found.parameter;
    StoredParameter.Version v = found.version;
    String selector = found.selector;
    return Parameter.builder()
        .name(p.name())
        .type(v.type())
        .value(secure.read(call, p.arn(call), v, decrypt))
        .version(v.number())
        .selector(selector == null ? null : ":" + selector)
        .lastModifiedDate(v.modified())
        .arn(p.arn(call))
        .dataType(v.dataType())
        .build();
  }

  /// `name`, `name:3` or `name:label`.
  record Selected(String name, @Nullable String selector) {
    static Selected parse(String text) {
      String plain = Parameters.plainName(text);
      int colon = plain.indexOf(':');
      return colon < 0
          ? new Selected(plain, null)
          : new Selected(plain.substring(0, colon), plain.substring(colon + 1));
    }
  }
}
