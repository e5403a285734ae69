package dev.freeway.ecr;

import static dev.freeway.ecr.api.EcrApi.*;

import dev.freeway.containers.image.ImageSource;
import dev.freeway.containers.image.Registries;
import dev.freeway.ecr.api.EcrApi;
import dev.freeway.ecr.api.EcrErrors;
import dev.freeway.ecr.scan.AdvisorySource;
import dev.freeway.flow.Reconciler;
import dev.freeway.platform.Arn;
import dev.freeway.platform.HttpRoute;
import dev.freeway.platform.Operations;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.platform.Service;
import dev.freeway.platform.TaggedResources;
import dev.freeway.store.ReadTx;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.model.ServiceInfo;
import dev.freeway.wire.model.ServiceModel;
import dev.freeway.wire.protocol.Constraints.Violation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Elastic Container Registry: contents page.
public final class Ecr implements Service {
  private final Repositories stored;
  private final RepositoryCrud repositories;
  private final RepositoryPolicies policies;
  private final RepositoryTags tags;
  private final LifecyclePolicies lifecycle;
  private final RegistrySettings settings;
  private final GetAuthorizationToken authorizationToken;
  private final ImageCrud images;
  private final LayerUploads layerUploads;
  private final Referrers referrers;
  private final Uploads uploads;
  private final ImageScans scanned;
  private final Replication replication;
  private final Signing signing;
  private final StorageClass storageClass;
  private final RegistryOperations registry;
  private final CreationTemplates templates;
  private final PullThroughRules cacheRules;
  private final List<Reconciler> reconcilers;
  private final List<HttpRoute> routes;
  private final LocalRegistry local;

  public Ecr(Platform platform) {
    this(platform, AdvisoryPlace.of(platform, System.getenv("FREEWAY_ADVISORIES")));
  }

  /// @param advisories those of a registry
  Ecr(Platform platform, Function<Scope, AdvisorySource> advisories) {
    var store = platform.store();
    var repos = new Repositories();
    platform
        .tagged()
        .add(
            TaggedResources.of(
                "ecr",
                repos::all,
                StoredRepository::arn,
                StoredRepository::tags,
                (tx, r, tags) -> repos.save(tx, r.withTags(tags))));
    stored = repos;
    var stored = new StoredImages();
    var layers = new Layers(platform);
    var sweep = new LayerSweep(platform, repos, stored, layers);
    var scans = new StoredScans();
    var scanSettings = new ScanSettings();
    var lookup = new ImageLookup(stored);
    replication = new Replication(platform, repos, lookup);
    signing = new Signing(store, repos, lookup);
    storageClass = new StorageClass(store, repos, stored, lookup);
    registry = new RegistryOperations(store);
    templates = new CreationTemplates(store);
    var making = new RepositoryMaking(platform, repos);
    var scanner = new Scanner(platform, repos, stored, scans, scanSettings, advisories);
    var push =
        new Push(
            platform,
            repos,
            stored,
            layers,
            sweep,
            scans,
            List.of(replication, signing, scanner, LifecycleExpiry.afterPush(platform)));
    var pulls = new Pulls(platform, stored);
    var tokens = new Tokens(platform);
    var plain =
        new LocalRegistry(
            platform,
            new Admission(platform, repos, making, null),
            repos,
            stored,
            layers,
            push,
            pulls,
            tokens,
            null,
            true);
    var upstreams = new Upstreams(platform, plain.registries(), tokens);
    cacheRules = new PullThroughRules(store, upstreams);
    var cache = new PullThrough(platform, repos, stored, layers, push, making, upstreams);
    var admission = new Admission(platform, repos, making, cache);
    uploads = new Uploads(platform);
    repositories = new RepositoryCrud(store, repos, stored, layers, scans);
    policies = new RepositoryPolicies(store, repos);
    tags = new RepositoryTags(store, repos);
    lifecycle = new LifecyclePolicies(platform, repos, stored);
    settings = new RegistrySettings(store, repos, scanSettings, stored, scans, scanner);
    scanned = new ImageScans(platform, repos, lookup, scans, scanSettings, scanner);
    authorizationToken = new GetAuthorizationToken(tokens);
    images = new ImageCrud(platform, repos, stored, lookup, scans, push, pulls, cache);
    layerUploads = new LayerUploads(platform, repos, layers, uploads, tokens);
    referrers = new Referrers(platform, repos, stored);
    local =
        new LocalRegistry(
            platform, admission, repos, stored, layers, push, pulls, tokens, null, true);
    reconcilers =
        List.of(
            sweep,
            scanner,
            new Replicator(platform, repos, stored, layers, push, making),
            new LifecycleExpiry(platform, repos, stored, push));
    routes =
        List.of(
            new RegistryRoute(
                platform,
                admission,
                tokens,
                new BlobEndpoint(platform, layers, stored),
                new UploadEndpoint(platform, repos, layers, uploads),
                new ManifestEndpoint(platform, stored, push, pulls)));
  }

  /// Images of every registry of this system, for its own containers.
  public ImageSource images() {
    return local;
  }

  /// Registries for `docker` commands of builds: this system's in this process, others over HTTP.
  public Registries registries() {
    return local.registries();
  }

  /// The repository's.
  @Override
  public Optional<String> resourcePolicy(ReadTx tx, Arn resource) {
    return resource.resource().startsWith("repository/")
        ? stored
            .find(
                tx,
                new Scope(resource.account(), resource.region()),
                resource.resource().substring("repository/".length()))
            .flatMap(r -> Optional.ofNullable(r.policy()))
        : Optional.empty();
  }

  @Override
  public ServiceInfo info() {
    return INFO;
  }

  @Override
  public ServiceModel model() {
    return EcrApi.model();
  }

  @Override
  public void define(Operations on) {
    on.on(CREATE_REPOSITORY, repositories::create);
    on.on(DESCRIBE_REPOSITORIES, repositories::describe);
    on.on(DELETE_REPOSITORY, repositories::delete);
    on.on(PUT_IMAGE_TAG_MUTABILITY, repositories::putMutability);
    on.on(PUT_IMAGE_SCANNING_CONFIGURATION, repositories::putScanning);

    on.on(SET_REPOSITORY_POLICY, policies::set);
    on.on(GET_REPOSITORY_POLICY, policies::get);
    on.on(DELETE_REPOSITORY_POLICY, policies::delete);

    on.on(TAG_RESOURCE, tags::tag);
    on.on(UNTAG_RESOURCE, tags::untag);
    on.on(LIST_TAGS_FOR_RESOURCE, tags::list);

    on.on(PUT_LIFECYCLE_POLICY, lifecycle::put);
    on.on(GET_LIFECYCLE_POLICY, lifecycle::get);
    on.on(DELETE_LIFECYCLE_POLICY, lifecycle::delete);
    on.on(START_LIFECYCLE_POLICY_PREVIEW, lifecycle::startPreview);
    on.on(GET_LIFECYCLE_POLICY_PREVIEW, lifecycle::preview);

    on.on(DESCRIBE_REGISTRY, settings::describe);
    on.on(PUT_REGISTRY_SCANNING_CONFIGURATION, settings::putScanning);
    on.on(GET_REGISTRY_SCANNING_CONFIGURATION, settings::scanning);
    on.on(BATCH_GET_REPOSITORY_SCANNING_CONFIGURATION, settings::scanningOf);

    on.on(PUT_REGISTRY_POLICY, registry::putPolicy);
    on.on(GET_REGISTRY_POLICY, registry::policy);
    on.on(DELETE_REGISTRY_POLICY, registry::deletePolicy);
    on.on(PUT_ACCOUNT_SETTING, registry::putSetting);
    on.on(GET_ACCOUNT_SETTING, registry::setting);
    on.on(REGISTER_PULL_TIME_UPDATE_EXCLUSION, registry::exclude);
    on.on(DEREGISTER_PULL_TIME_UPDATE_EXCLUSION, registry::include);
    on.on(LIST_PULL_TIME_UPDATE_EXCLUSIONS, registry::exclusions);

    on.on(PUT_REPLICATION_CONFIGURATION, replication::put);
    on.on(DESCRIBE_IMAGE_REPLICATION_STATUS, replication::status);

    on.on(CREATE_REPOSITORY_CREATION_TEMPLATE, templates::create);
    on.on(UPDATE_REPOSITORY_CREATION_TEMPLATE, templates::update);
    on.on(DELETE_REPOSITORY_CREATION_TEMPLATE, templates::delete);
    on.on(DESCRIBE_REPOSITORY_CREATION_TEMPLATES, templates::describe);

    on.on(CREATE_PULL_THROUGH_CACHE_RULE, cacheRules::create);
    on.on(UPDATE_PULL_THROUGH_CACHE_RULE, cacheRules::update);
    on.on(DELETE_PULL_THROUGH_CACHE_RULE, cacheRules::delete);
    on.on(DESCRIBE_PULL_THROUGH_CACHE_RULES, cacheRules::describe);
    on.on(VALIDATE_PULL_THROUGH_CACHE_RULE, cacheRules::validate);

    on.on(PUT_SIGNING_CONFIGURATION, signing::put);
    on.on(GET_SIGNING_CONFIGURATION, signing::get);
    on.on(DELETE_SIGNING_CONFIGURATION, signing::delete);
    on.on(DESCRIBE_IMAGE_SIGNING_STATUS, signing::status);

    on.on(UPDATE_IMAGE_STORAGE_CLASS, storageClass::update);

    on.on(START_IMAGE_SCAN, scanned::start);
    on.on(DESCRIBE_IMAGE_SCAN_FINDINGS, scanned::findings);

    on.on(GET_AUTHORIZATION_TOKEN, authorizationToken);

    on.on(PUT_IMAGE, images::put);
    on.on(BATCH_GET_IMAGE, images::get);
    on.on(DESCRIBE_IMAGES, images::describe);
    on.on(LIST_IMAGES, images::list);
    on.on(BATCH_DELETE_IMAGE, images::delete);
    on.on(LIST_IMAGE_REFERRERS, referrers::list);

    on.on(INITIATE_LAYER_UPLOAD, layerUploads::initiate);
    on.on(UPLOAD_LAYER_PART, layerUploads::part);
    on.on(COMPLETE_LAYER_UPLOAD, layerUploads::complete);
    on.on(BATCH_CHECK_LAYER_AVAILABILITY, layerUploads::check);
    on.on(GET_DOWNLOAD_URL_FOR_LAYER, layerUploads::url);
  }

  @Override
  public List<Reconciler> reconcilers() {
    return reconcilers;
  }

  @Override
  public List<HttpRoute> routes() {
    return routes;
  }

  @Override
  public AwsException invalid(List<Violation> violations) {
    Violation first = violations.getFirst();
    return EcrErrors.invalidParameterException(
        "Invalid parameter at '%s' failed to satisfy constraint: '%s'"
            .formatted(first.path(), lowerFirst(first.rule().replaceFirst("^Member ", ""))));
  }

  private static String lowerFirst(String text) {
    return text.isEmpty() ? text : Character.toLowerCase(text.charAt(0)) + text.substring(1);
  }

  static AwsException badToken() {
    return EcrErrors.invalidParameterException(
        "Invalid parameter at 'nextToken' failed to satisfy constraint: 'Invalid token'");
  }

  @Override
  public void close() {
    uploads.close();
  }

  interface Io<T> {
    T get() throws IOException;
  }

  /// For work on the disk that has no answer to give but a fault.
  static <T> T io(Io<T> work) {
    try {
      return work.get();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
