package dev.freeway.ssm;

import dev.freeway.platform.Call;
import dev.freeway.ssm.api.DeleteParameterRequest;
import dev.freeway.ssm.api.DeleteParameterResult;
import dev.freeway.ssm.api.DeleteParametersRequest;
import dev.freeway.ssm.api.DeleteParametersResult;
import dev.freeway.ssm.api.SsmErrors;
import dev.freeway.store.Store;
import java.util.ArrayList;
import java.util.List;

/// Deletes one parameter, or several of which some may not exist.
final class DeleteParameters {
  private final Store store;
  private final Parameters parameters;

  DeleteParameters(Store store, Parameters parameters) {
    this.store = store;
    this.parameters = parameters;
  }

  DeleteParameterResult one(Call call, DeleteParameterRequest in) {
    if (!store.write(tx -> parameters.delete(tx, call, in.name()))) {
      throw SsmErrors.parameterNotFound("");
    }
    return DeleteParameterResult.builder().build();
  }

  DeleteParametersResult many(Call call, DeleteParametersRequest in) {
    return store.write(
        tx -> {
          List<String> deleted = new ArrayList<>();
          List<String> invalid = new ArrayList<>();
          in.names().forEach(n -> (parameters.delete(tx, call, n) ? deleted : invalid).add(n));
          return DeleteParametersResult.builder()
              .deletedParameters(deleted)
              .invalidParameters(invalid)
              .build();
        });
  }
}
