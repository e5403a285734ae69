package dev.freeway.sts;

import static dev.freeway.sts.api.StsApi.*;

import dev.freeway.platform.Operations;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Service;
import dev.freeway.sts.api.StsApi;
import dev.freeway.wire.model.ServiceInfo;
import dev.freeway.wire.model.ServiceModel;

/// Security Token Service: contents page.
public final class Sts implements Service {
  private final AssumeRole assumeRole;
  private final Sessions sessions;

  public Sts(Platform platform) {
    sessions = new Sessions(platform.store(), platform.identities());
    assumeRole = new AssumeRole(platform.clients(), sessions);
  }

  @Override
  public ServiceInfo info() {
    return INFO;
  }

  @Override
  public ServiceModel model() {
    return StsApi.model();
  }

  @Override
  public void define(Operations on) {
    on.on(GET_CALLER_IDENTITY, new GetCallerIdentity());
    on.on(ASSUME_ROLE, assumeRole);
    on.on(GET_SESSION_TOKEN, sessions::sessionToken);
    on.on(GET_ACCESS_KEY_INFO, sessions::keyInfo);
  }
}
