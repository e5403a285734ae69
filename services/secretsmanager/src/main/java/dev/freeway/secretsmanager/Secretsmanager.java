package dev.freeway.secretsmanager;

import static dev.freeway.secretsmanager.api.SecretsmanagerApi.*;

import dev.freeway.flow.Reconciler;
import dev.freeway.platform.Arn;
import dev.freeway.platform.Operations;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.platform.Service;
import dev.freeway.platform.TaggedResources;
import dev.freeway.secretsmanager.api.SecretsmanagerApi;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Store;
import dev.freeway.wire.model.ServiceInfo;
import dev.freeway.wire.model.ServiceModel;
import java.util.List;
import java.util.Optional;

/// Secrets Manager: contents page.
public final class Secretsmanager implements Service {
  private final CreateSecret createSecret;
  private final PutValues putValues;
  private final Secrets secrets = new Secrets();
  private final ReadValues readValues;
  private final ListSecrets listSecrets;
  private final TagOperations tags;
  private final DeleteSecrets deleteSecrets;
  private final Stages stages;
  private final Replication replication;
  private final PolicyOperations policies;
  private final RotationOperations rotation;
  private final Rotating rotating;

  public Secretsmanager(Platform platform) {
    Store store = platform.store();
    platform
        .tagged()
        .add(
            TaggedResources.of(
                "secretsmanager",
                secrets::all,
                Secret::arn,
                Secret::tags,
                (tx, s, tags) -> secrets.save(tx, s.edit().tags(tags).build())));
    Vault vault = new Vault(platform);
    Writes writes = new Writes(store, secrets, vault);
    replication = new Replication(store, secrets, vault);
    createSecret = new CreateSecret(store, secrets, vault, writes, replication);
    putValues = new PutValues(store, secrets, vault, writes);
    readValues = new ReadValues(store, secrets, vault);
    listSecrets = new ListSecrets(store, secrets);
    tags = new TagOperations(store, secrets);
    deleteSecrets = new DeleteSecrets(platform, secrets);
    stages = new Stages(store, secrets);
    policies = new PolicyOperations(store, secrets);
    rotating = new Rotating(platform, secrets);
    rotation = new RotationOperations(platform, secrets, rotating);
  }

  /// With its random end.
  @Override
  public Arn known(ReadTx tx, Arn asked) {
    return find(tx, asked).flatMap(s -> Arn.parse(s.arn())).orElse(asked);
  }

  /// The secret's.
  @Override
  public Optional<String> resourcePolicy(ReadTx tx, Arn resource) {
    return find(tx, resource).flatMap(s -> Optional.ofNullable(s.policy()));
  }

  private Optional<Secret> find(ReadTx tx, Arn arn) {
    String name = arn.resource().replaceFirst("^secret:", "");
    Scope scope = new Scope(arn.account(), arn.region());
    return secrets
        .named(tx, scope, name)
        .or(() -> secrets.named(tx, scope, name.replaceFirst("-.{6}$", "")));
  }

  @Override
  public ServiceInfo info() {
    return INFO;
  }

  @Override
  public ServiceModel model() {
    return SecretsmanagerApi.model();
  }

  @Override
  public List<Reconciler> reconcilers() {
    return List.of(deleteSecrets, rotating);
  }

  @Override
  public void define(Operations on) {
    on.on(CREATE_SECRET, createSecret);
    on.on(PUT_SECRET_VALUE, putValues::put);
    on.on(UPDATE_SECRET, putValues::update);
    on.on(GET_SECRET_VALUE, readValues::get);
    on.on(BATCH_GET_SECRET_VALUE, readValues::batch);
    on.on(DESCRIBE_SECRET, listSecrets::describe);
    on.on(LIST_SECRETS, listSecrets::list);
    on.on(LIST_SECRET_VERSION_IDS, listSecrets::versions);
    on.on(UPDATE_SECRET_VERSION_STAGE, stages);
    on.on(DELETE_SECRET, deleteSecrets::delete);
    on.on(RESTORE_SECRET, deleteSecrets::restore);
    on.on(TAG_RESOURCE, tags::tag);
    on.on(UNTAG_RESOURCE, tags::untag);
    on.on(PUT_RESOURCE_POLICY, policies::put);
    on.on(GET_RESOURCE_POLICY, policies::get);
    on.on(DELETE_RESOURCE_POLICY, policies::delete);
    on.on(VALIDATE_RESOURCE_POLICY, policies::validate);
    on.on(REPLICATE_SECRET_TO_REGIONS, replication::replicate);
    on.on(REMOVE_REGIONS_FROM_REPLICATION, replication::remove);
    on.on(STOP_REPLICATION_TO_REPLICA, replication::promote);
    on.on(ROTATE_SECRET, rotation::rotate);
    on.on(CANCEL_ROTATE_SECRET, rotation::cancel);
    on.on(GET_RANDOM_PASSWORD, new RandomPassword());
  }
}
