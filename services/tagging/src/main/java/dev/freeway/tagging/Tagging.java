package dev.freeway.tagging;

import static dev.freeway.tagging.api.TaggingApi.*;

import dev.freeway.platform.Operations;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Service;
import dev.freeway.tagging.api.TaggingApi;
import dev.freeway.tagging.api.TaggingErrors;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.model.ServiceInfo;
import dev.freeway.wire.model.ServiceModel;
import dev.freeway.wire.protocol.Constraints;
import dev.freeway.wire.protocol.Constraints.Violation;
import java.util.List;

/// Resource Groups Tagging API: contents page.
public final class Tagging implements Service {
  private final ReadTags read;
  private final WriteTags write;

  public Tagging(Platform platform) {
    Everything everything = new Everything(platform);
    read = new ReadTags(everything);
    write = new WriteTags(everything);
  }

  @Override
  public ServiceInfo info() {
    return INFO;
  }

  @Override
  public ServiceModel model() {
    return TaggingApi.model();
  }

  @Override
  public AwsException invalid(List<Violation> violations) {
    return TaggingErrors.invalidParameterException(Constraints.message(violations));
  }

  @Override
  public void define(Operations on) {
    on.on(GET_RESOURCES, read::resources);
    on.on(GET_TAG_KEYS, read::keys);
    on.on(GET_TAG_VALUES, read::values);
    on.on(TAG_RESOURCES, write::tag);
    on.on(UNTAG_RESOURCES, write::untag);
  }
}
