package dev.freeway.ssm;

import static dev.freeway.ssm.api.SsmApi.*;

import dev.freeway.platform.Call;
import dev.freeway.platform.Operations;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Service;
import dev.freeway.platform.TaggedResources;
import dev.freeway.ssm.api.SsmApi;
import dev.freeway.wire.model.ServiceInfo;
import dev.freeway.wire.model.ServiceModel;

/// Systems Manager, as far as Parameter Store: contents page.
public final class Ssm implements Service {
  private final PutParameter putParameter;
  private final ReadParameters readParameters;
  private final DescribeParameters describeParameters;
  private final DeleteParameters deleteParameters;
  private final ParameterHistory history;
  private final ParameterTags tags;

  public Ssm(Platform platform) {
    Parameters parameters = new Parameters();
    record Owned(Call call, StoredParameter parameter) {}
    platform
        .tagged()
        .add(
            TaggedResources.of(
                "ssm",
                (tx, scope) -> {
                  Call call = platform.background(scope, "ssm");
                  return parameters.all(tx, call).stream().map(p -> new Owned(call, p)).toList();
                },
                o -> o.parameter().arn(o.call()),
                o -> o.parameter().tags(),
                (tx, o, tags) -> parameters.save(tx, o.call(), o.parameter().withTags(tags))));
    SecureValue secure = new SecureValue(platform);
    putParameter = new PutParameter(platform.store(), parameters, secure);
    readParameters = new ReadParameters(platform.store(), parameters, secure);
    describeParameters = new DescribeParameters(platform.store(), parameters);
    deleteParameters = new DeleteParameters(platform.store(), parameters);
    history = new ParameterHistory(platform.store(), parameters, secure);
    tags = new ParameterTags(platform.store(), parameters);
  }

  @Override
  public ServiceInfo info() {
    return INFO;
  }

  @Override
  public ServiceModel model() {
    return SsmApi.model();
  }

  @Override
  public void define(Operations on) {
    on.on(PUT_PARAMETER, putParameter);
    on.on(GET_PARAMETER, readParameters::one);
    on.on(GET_PARAMETERS, readParameters::named);
    on.on(GET_PARAMETERS_BY_PATH, readParameters::byPath);
    on.on(GET_PARAMETER_HISTORY, history::list);
    on.on(LABEL_PARAMETER_VERSION, history::label);
    on.on(UNLABEL_PARAMETER_VERSION, history::unlabel);
    on.on(DESCRIBE_PARAMETERS, describeParameters);
    on.on(DELETE_PARAMETER, deleteParameters::one);
    on.on(DELETE_PARAMETERS, deleteParameters::many);
    on.on(ADD_TAGS_TO_RESOURCE, tags::add);
    on.on(REMOVE_TAGS_FROM_RESOURCE, tags::remove);
    on.on(LIST_TAGS_FOR_RESOURCE, tags::list);
  }
}
