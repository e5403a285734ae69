package dev.freeway.kms;

import dev.freeway.kms.api.CreateKeyRequest;
import dev.freeway.kms.api.CreateKeyResponse;
import dev.freeway.kms.api.KmsErrors;
import dev.freeway.platform.Call;
import dev.freeway.platform.Handler;
import dev.freeway.platform.Ids;
import dev.freeway.store.Store;
import dev.freeway.wire.AwsException;
import java.util.List;

/// Makes a key of any kind that [Spec] has.
final class CreateKey implements Handler<CreateKeyRequest, CreateKeyResponse> {
  private final Store store;
  private final Keys keys;
  private final KeyMaker maker;
  private final KeyView view;
  private final MultiRegion multiRegion;

  CreateKey(Store store, Keys keys, KeyMaker maker, KeyView view, MultiRegion multiRegion) {
    this.store = store;
    this.keys = keys;
    this.maker = maker;
    this.view = view;
    this.multiRegion = multiRegion;
  }

  @Override
  public CreateKeyResponse handle(Call call, CreateKeyRequest in) {
    StoredKey key = key(call, in);
    Material material = key.imported() ? null : maker.first(key);
    return store.write(
        tx -> {
          keys.save(tx, key);
          if (material != null) {
            keys.addMaterial(tx, key, material);
          }
          if (key.multiRegion()) {
            multiRegion.save(tx, key, new MultiRegion.Group(call.region(), List.of()));
          }
          return new CreateKeyResponse(view.of(tx, key));
        });
  }

  private static StoredKey key(Call call, CreateKeyRequest in) {
    String named = in.keySpec() != null ? in.keySpec() : in.customerMasterKeySpec();
    Spec spec = Spec.of(named == null ? "SYMMETRIC_DEFAULT" : named);
    String usage = usage(spec, in.keyUsage());
    String origin = in.origin() == null ? "AWS_KMS" : in.origin();
    if (in.customKeyStoreId() != null
        || in.xksKeyId() != null
        || !List.of("AWS_KMS", "EXTERNAL").contains(origin)) {
      throw KmsErrors.unsupportedOperationException(
          "Freeway has no custom key stores: Origin is AWS_KMS or EXTERNAL");
    }
    boolean external = origin.equals("EXTERNAL");
    if (external && spec.family == Spec.Family.ML_DSA) {
      throw KmsErrors.unsupportedOperationException(
          "Key material of KeySpec " + spec + " cannot be imported");
    }
    boolean multi = Boolean.TRUE.equals(in.multiRegion());
    String policy =
        in.policy() == null
            ? KeyMaker.defaultPolicy(call.account())
            : PolicyOperations.checked(in.policy());
    return new StoredKey(
        call.scope(),
        multi ? "mrk-" + Ids.hex(32) : Ids.uuid(),
        spec,
        usage,
        origin,
        "CUSTOMER",
        in.description() == null ? "" : in.description(),
        policy,
        TagOperations.checked(java.util.Map.of(), in.tags() == null ? List.of() : in.tags()),
        call.at(),
        external ? "PendingImport" : "Enabled",
        null,
        null,
        multi,
        external ? 0 : 1,
        null);
  }

  private static String usage(Spec spec, @org.jspecify.annotations.Nullable String asked) {
    if (asked == null) {
      if (spec == Spec.SYMMETRIC_DEFAULT) {
        return "ENCRYPT_DECRYPT";
      }
      throw AwsException.client(
          "ValidationException",
          "You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.");
    }
    if (!spec.usages().contains(asked)) {
      throw AwsException.client(
          "ValidationException", "KeyUsage " + asked + " is not compatible with KeySpec " + spec);
    }
    return asked;
  }
}
