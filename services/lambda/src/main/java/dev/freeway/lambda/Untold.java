package dev.freeway.lambda;

import dev.freeway.lambda.api.CreateFunctionRequest;
import dev.freeway.lambda.api.UpdateFunctionConfigurationRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What Freeway cannot do for a function is refused when it is asked for, not left out.
final class Untold {
  private Untold() {}

  static void refuse(CreateFunctionRequest in) {
    files(in.fileSystemConfigs());
    nothing("CapacityProviderConfig", in.capacityProviderConfig());
    nothing("DurableConfig", in.durableConfig());
    nothing("TenancyConfig", in.tenancyConfig());
    nothing("CodeSigningConfigArn", in.codeSigningConfigArn());
  }

  static void refuse(UpdateFunctionConfigurationRequest in) {
    files(in.fileSystemConfigs());
    nothing("CapacityProviderConfig", in.capacityProviderConfig());
    nothing("DurableConfig", in.durableConfig());
  }

  private static void files(@Nullable List<?> configs) {
    if (configs != null && !configs.isEmpty()) {
      nothing("FileSystemConfigs", configs);
    }
  }

  private static void nothing(String member, @Nullable Object value) {
    if (value != null) {
      throw FunctionChecks.invalid("Freeway's functions do not have " + member + " yet.");
    }
  }
}
