package dev.freeway.ssm;

import dev.freeway.platform.Call;
import dev.freeway.platform.Handler;
import dev.freeway.platform.Page;
import dev.freeway.ssm.api.DescribeParametersRequest;
import dev.freeway.ssm.api.DescribeParametersResult;
import dev.freeway.ssm.api.ParameterMetadata;
import dev.freeway.ssm.api.ParameterStringFilter;
import dev.freeway.ssm.api.SsmErrors;
import dev.freeway.store.Store;
import java.util.ArrayList;
import java.util.List;

/// Lists parameters without their values.
final class DescribeParameters
    implements Handler<DescribeParametersRequest, DescribeParametersResult> {
  private static final int PAGE = 50;

  private final Store store;
  private final Parameters parameters;

  DescribeParameters(Store store, Parameters parameters) {
    this.store = store;
    this.parameters = parameters;
  }

  @Override
  public DescribeParametersResult handle(Call call, DescribeParametersRequest in) {
    List<ParameterStringFilter> filters = new ArrayList<>();
    if (in.parameterFilters() != null) {
      filters.addAll(in.parameterFilters());
    }
    if (in.filters() != null) {
      // The older form: the same keys, values match by prefix for names.
      in.filters()
          .forEach(
              f ->
                  filters.add(
                      ParameterStringFilter.builder()
                          .key(f.key())
                          .option(f.key().equals("Name") ? "BeginsWith" : "Equals")
                          .values(f.values())
                          .build()));
    }
    ParameterFilter filter = new ParameterFilter(filters);
    List<StoredParameter> all =
        store.read(tx -> parameters.all(tx, call)).stream().filter(filter::matches).toList();
    var page =
        Page.of(
            all,
            StoredParameter::name,
            in.nextToken(),
            in.maxResults(),
            PAGE,
            SsmErrors.invalidNextToken("The specified token isn't valid."));
    return DescribeParametersResult.builder()
        .parameters(page.map(p -> metadata(call, p)))
        .nextToken(page.nextToken())
        .build();
  }

  private static ParameterMetadata metadata(Call call, StoredParameter p) {
    StoredParameter.Version v = p.latest();
    return ParameterMetadata.builder()
        .name(p.name())
        .arn(p.arn(call))
        .type(v.type())
        .keyId(v.keyId())
        .lastModifiedDate(v.modified())
        .lastModifiedUser(v.modifiedBy())
        .description(v.description())
        .allowedPattern(v.allowedPattern())
        .version(v.number())
        .tier(v.tier())
        .policies(List.of())
        .dataType(v.dataType())
        .build();
  }
}
