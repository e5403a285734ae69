package dev.freeway.kms;

import static dev.freeway.kms.api.KmsApi.*;

import dev.freeway.flow.Reconciler;
import dev.freeway.kms.api.KmsApi;
import dev.freeway.platform.Arn;
import dev.freeway.platform.Operations;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Service;
import dev.freeway.platform.TaggedResources;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Store;
import dev.freeway.wire.model.ServiceInfo;
import dev.freeway.wire.model.ServiceModel;
import java.util.List;
import java.util.Optional;

/// Key Management Service: contents page.
public final class Kms implements Service {
  private final Keys keys;
  private final CreateKey createKey;
  private final KeyOperations keyOperations;
  private final AliasOperations aliasOperations;
  private final EncryptOperations encrypt;
  private final DataKeys dataKeys;
  private final SignOperations sign;
  private final PolicyOperations policies;
  private final TagOperations tags;
  private final GrantOperations grantOperations;
  private final RotationOperations rotation;
  private final ImportOperations imports;
  private final RegionOperations regions;
  private final KeyReconciler reconciler;

  public Kms(Platform platform) {
    Store store = platform.store();
    MasterKey master = new MasterKey(platform.settings().data().resolve("state"));
    Aliases aliases = new Aliases();
    keys = new Keys(master, aliases);
    platform
        .tagged()
        .add(
            TaggedResources.of(
                "kms",
                keys::all,
                k -> k.arn().toString(),
                StoredKey::tags,
                (tx, k, tags) -> keys.save(tx, k.withTags(tags))));
    Grants grants = new Grants();
    MultiRegion multiRegion = new MultiRegion();
    KeyMaker maker = new KeyMaker(platform, keys, aliases);
    KeyAccess access = new KeyAccess(platform, keys, maker);
    KeyView view = new KeyView(keys, multiRegion);
    createKey = new CreateKey(store, keys, maker, view, multiRegion);
    keyOperations = new KeyOperations(platform, keys, access, view, multiRegion);
    aliasOperations = new AliasOperations(store, keys, aliases, access);
    encrypt = new EncryptOperations(access);
    dataKeys = new DataKeys(access);
    sign = new SignOperations(access);
    policies = new PolicyOperations(store, keys);
    tags = new TagOperations(store, keys);
    grantOperations = new GrantOperations(store, keys, grants);
    rotation = new RotationOperations(platform, keys, maker, multiRegion);
    imports = new ImportOperations(platform, keys, master, view);
    regions = new RegionOperations(store, keys, view, multiRegion);
    Deletion deletion = new Deletion(platform, keys, aliases, grants, multiRegion);
    reconciler = new KeyReconciler(platform, keys, maker, deletion, multiRegion);
  }

  /// An alias stands for its key.
  @Override
  public Arn known(ReadTx tx, Arn asked) {
    return keys.named(tx, asked).map(StoredKey::arn).orElse(asked);
  }

  /// The key's.
  @Override
  public Optional<String> resourcePolicy(ReadTx tx, Arn resource) {
    return keys.named(tx, resource).map(StoredKey::policy);
  }

  @Override
  public boolean policyDecides() {
    return true;
  }

  @Override
  public ServiceInfo info() {
    return INFO;
  }

  @Override
  public ServiceModel model() {
    return KmsApi.model();
  }

  @Override
  public List<Reconciler> reconcilers() {
    return List.of(reconciler);
  }

  @Override
  public void define(Operations on) {
    on.on(CREATE_KEY, createKey);
    on.on(DESCRIBE_KEY, keyOperations::describe);
    on.on(LIST_KEYS, keyOperations::list);
    on.on(UPDATE_KEY_DESCRIPTION, keyOperations::describeAs);
    on.on(ENABLE_KEY, keyOperations::enable);
    on.on(DISABLE_KEY, keyOperations::disable);
    on.on(SCHEDULE_KEY_DELETION, keyOperations::scheduleDeletion);
    on.on(CANCEL_KEY_DELETION, keyOperations::cancelDeletion);
    on.on(CREATE_ALIAS, aliasOperations::create);
    on.on(UPDATE_ALIAS, aliasOperations::update);
    on.on(DELETE_ALIAS, aliasOperations::delete);
    on.on(LIST_ALIASES, aliasOperations::list);
    on.on(ENCRYPT, encrypt::encrypt);
    on.on(DECRYPT, encrypt::decrypt);
    on.on(RE_ENCRYPT, encrypt::reEncrypt);
    on.on(GENERATE_DATA_KEY, dataKeys::generate);
    on.on(GENERATE_DATA_KEY_WITHOUT_PLAINTEXT, dataKeys::generateHidden);
    on.on(GENERATE_DATA_KEY_PAIR, dataKeys::pair);
    on.on(GENERATE_DATA_KEY_PAIR_WITHOUT_PLAINTEXT, dataKeys::pairHidden);
    on.on(GENERATE_RANDOM, dataKeys::random);
    on.on(SIGN, sign::sign);
    on.on(VERIFY, sign::verify);
    on.on(GENERATE_MAC, sign::mac);
    on.on(VERIFY_MAC, sign::verifyMac);
    on.on(GET_PUBLIC_KEY, sign::publicKey);
    on.on(DERIVE_SHARED_SECRET, sign::sharedSecret);
    on.on(PUT_KEY_POLICY, policies::put);
    on.on(GET_KEY_POLICY, policies::get);
    on.on(LIST_KEY_POLICIES, policies::list);
    on.on(TAG_RESOURCE, tags::tag);
    on.on(UNTAG_RESOURCE, tags::untag);
    on.on(LIST_RESOURCE_TAGS, tags::list);
    on.on(CREATE_GRANT, grantOperations::create);
    on.on(LIST_GRANTS, grantOperations::list);
    on.on(LIST_RETIRABLE_GRANTS, grantOperations::retirable);
    on.on(REVOKE_GRANT, grantOperations::revoke);
    on.on(RETIRE_GRANT, grantOperations::retire);
    on.on(ENABLE_KEY_ROTATION, rotation::enable);
    on.on(DISABLE_KEY_ROTATION, rotation::disable);
    on.on(GET_KEY_ROTATION_STATUS, rotation::status);
    on.on(ROTATE_KEY_ON_DEMAND, rotation::now);
    on.on(LIST_KEY_ROTATIONS, rotation::list);
    on.on(GET_PARAMETERS_FOR_IMPORT, imports::parameters);
    on.on(IMPORT_KEY_MATERIAL, imports::bring);
    on.on(DELETE_IMPORTED_KEY_MATERIAL, imports::forget);
    on.on(REPLICATE_KEY, regions::replicate);
    on.on(UPDATE_PRIMARY_REGION, regions::makePrimary);
  }
}
