package dev.freeway.lambda;

import static dev.freeway.lambda.api.LambdaApi.*;

import dev.freeway.containers.ContainerRuntime;
import dev.freeway.flow.Reconciler;
import dev.freeway.lambda.api.LambdaApi;
import dev.freeway.platform.Arn;
import dev.freeway.platform.HttpRoute;
import dev.freeway.platform.Operations;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Service;
import dev.freeway.platform.TaggedResources;
import dev.freeway.store.ReadTx;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.model.ServiceInfo;
import dev.freeway.wire.model.ServiceModel;
import dev.freeway.wire.protocol.Constraints.Violation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Lambda: contents page.
public final class Lambda implements Service {
  private final Platform platform;
  private final Path folder;
  private final Functions functions = new Functions();
  private final CodeStore code;
  private final ChangeFunction change;
  private final ReadFunctions read;
  private final DeleteFunction delete;
  private final Publishing publishing;
  private final Aliases aliases;
  private final Permissions permissions;
  private final FunctionSettings settings;
  private final EventInvokeConfigs eventConfigs;
  private final Layers layers;
  private final Invoke invoke;
  private final Environments environments;
  private final LambdaTags tags;
  private final LayerPolicies layerPolicies;
  private final MappingOperations mappings;
  private final QueuePollers pollers;
  private final FunctionUrls urls;
  private final UrlRoute urlRoute;
  private final CodeRoute codeRoute;
  private final List<Reconciler> reconcilers;

  /// @param runtime where functions run; not closed by this
  public Lambda(Platform platform, ContainerRuntime runtime) {
    this.platform = platform;
    folder = platform.settings().data().resolve("state").resolve("lambda");
    platform
        .tagged()
        .add(
            TaggedResources.of(
                "lambda",
                functions::all,
                StoredFunction::arn,
                StoredFunction::tags,
                (tx, f, tags) -> functions.save(tx, f.tags(tags))));
    code = new CodeStore(platform, folder);
    codeRoute = new CodeRoute(code);
    layers = new Layers(platform, code);
    layerPolicies = new LayerPolicies(platform, layers);
    publishing = new Publishing(platform, functions);
    change =
        new ChangeFunction(platform, functions, new CodeChoice(platform, code), layers, publishing);
    read = new ReadFunctions(platform, functions);
    aliases = new Aliases(platform, functions);
    permissions = new Permissions(platform, functions);
    settings = new FunctionSettings(platform, functions);
    eventConfigs = new EventInvokeConfigs(platform, functions);
    Launcher launcher = new Launcher(runtime, code, new Variables(platform), folder);
    environments = new Environments(platform, runtime, launcher);
    Invoker invoker = new Invoker(environments, new FunctionMetrics(platform));
    AsyncInvocations async = new AsyncInvocations(platform, functions, eventConfigs, invoker);
    invoke = new Invoke(platform, functions, invoker, async);
    urls = new FunctionUrls(platform, functions);
    delete =
        new DeleteFunction(
            platform, functions, eventConfigs, async, permissions, urls, environments);
    urlRoute = new UrlRoute(platform, functions, urls, invoker);
    Mappings stored = new Mappings();
    tags = new LambdaTags(platform, functions, stored);
    mappings = new MappingOperations(platform, functions, stored);
    pollers = new QueuePollers(platform, functions, stored, invoker);
    reconcilers =
        List.of(
            new FunctionReconciler(platform, functions, code),
            async,
            new MappingReconciler(platform, stored, pollers));
  }

  @Override
  public ServiceInfo info() {
    return INFO;
  }

  @Override
  public ServiceModel model() {
    return LambdaApi.model();
  }

  @Override
  public void define(Operations on) {
    on.on(CREATE_FUNCTION, change::create);
    on.on(UPDATE_FUNCTION_CODE, change::code);
    on.on(UPDATE_FUNCTION_CONFIGURATION, change::configuration);
    on.on(DELETE_FUNCTION, delete::delete);
    on.on(GET_FUNCTION, read::get);
    on.on(GET_FUNCTION_CONFIGURATION, read::configuration);
    on.on(LIST_FUNCTIONS, read::list);
    on.on(LIST_VERSIONS_BY_FUNCTION, read::versions);
    on.on(PUBLISH_VERSION, publishing::publish);

    on.on(INVOKE, invoke::invoke);
    on.on(INVOKE_ASYNC, invoke::old);

    on.on(CREATE_ALIAS, aliases::create);
    on.on(UPDATE_ALIAS, aliases::update);
    on.on(GET_ALIAS, aliases::get);
    on.on(LIST_ALIASES, aliases::list);
    on.on(DELETE_ALIAS, aliases::delete);

    on.on(ADD_PERMISSION, permissions::add);
    on.on(GET_POLICY, permissions::get);
    on.on(REMOVE_PERMISSION, permissions::remove);

    on.on(PUT_FUNCTION_EVENT_INVOKE_CONFIG, eventConfigs::put);
    on.on(UPDATE_FUNCTION_EVENT_INVOKE_CONFIG, eventConfigs::update);
    on.on(GET_FUNCTION_EVENT_INVOKE_CONFIG, eventConfigs::get);
    on.on(LIST_FUNCTION_EVENT_INVOKE_CONFIGS, eventConfigs::list);
    on.on(DELETE_FUNCTION_EVENT_INVOKE_CONFIG, eventConfigs::delete);

    on.on(CREATE_EVENT_SOURCE_MAPPING, mappings::create);
    on.on(UPDATE_EVENT_SOURCE_MAPPING, mappings::update);
    on.on(GET_EVENT_SOURCE_MAPPING, mappings::get);
    on.on(LIST_EVENT_SOURCE_MAPPINGS, mappings::list);
    on.on(DELETE_EVENT_SOURCE_MAPPING, mappings::delete);

    on.on(CREATE_FUNCTION_URL_CONFIG, urls::create);
    on.on(UPDATE_FUNCTION_URL_CONFIG, urls::update);
    on.on(GET_FUNCTION_URL_CONFIG, urls::get);
    on.on(LIST_FUNCTION_URL_CONFIGS, urls::list);
    on.on(DELETE_FUNCTION_URL_CONFIG, urls::delete);

    on.on(PUT_FUNCTION_CONCURRENCY, settings::reserve);
    on.on(GET_FUNCTION_CONCURRENCY, settings::reserved);
    on.on(DELETE_FUNCTION_CONCURRENCY, settings::free);
    on.on(PUT_FUNCTION_RECURSION_CONFIG, settings::recursion);
    on.on(GET_FUNCTION_RECURSION_CONFIG, settings::recursion);
    on.on(GET_FUNCTION_CODE_SIGNING_CONFIG, settings::signing);
    on.on(GET_RUNTIME_MANAGEMENT_CONFIG, settings::runtime);
    on.on(GET_ACCOUNT_SETTINGS, settings::account);
    on.on(LIST_TAGS, tags::list);
    on.on(TAG_RESOURCE, tags::tag);
    on.on(UNTAG_RESOURCE, tags::untag);

    on.on(PUBLISH_LAYER_VERSION, layers::publish);
    on.on(GET_LAYER_VERSION, layers::get);
    on.on(GET_LAYER_VERSION_BY_ARN, layers::getByArn);
    on.on(LIST_LAYERS, layers::list);
    on.on(LIST_LAYER_VERSIONS, layers::versions);
    on.on(DELETE_LAYER_VERSION, layers::delete);
    on.on(ADD_LAYER_VERSION_PERMISSION, layerPolicies::add);
    on.on(GET_LAYER_VERSION_POLICY, layerPolicies::get);
    on.on(REMOVE_LAYER_VERSION_PERMISSION, layerPolicies::remove);
  }

  @Override
  public List<Reconciler> reconcilers() {
    return reconcilers;
  }

  @Override
  public List<HttpRoute> routes() {
    return List.of(codeRoute, urlRoute);
  }

  @Override
  public Optional<String> resourcePolicy(ReadTx tx, Arn resource) {
    return permissions.document(tx, resource);
  }

  /// A runtime that is none is told in words of its own.
  @Override
  public AwsException invalid(List<Violation> violations) {
    for (Violation v : violations) {
      if (v.path().equals("runtime") && v.kind() == Violation.Kind.ENUM) {
        return FunctionChecks.invalid(
            "Value "
                + v.value()
                + " at 'runtime' failed to satisfy constraint: "
                + v.rule()
                + " or be a valid ARN");
      }
    }
    return Service.super.invalid(violations);
  }

  /// Environments of before are nobody's, and code that no version names is not needed.
  @Override
  public void start() {
    environments.removeLeftovers();
    if (Files.isDirectory(folder)) {
      code.sweep(
          platform
              .store()
              .read(
                  tx -> {
                    Set<String> used = functions.code(tx);
                    used.addAll(layers.hashes(tx));
                    return used;
                  }));
    }
    pollers.start();
  }

  @Override
  public void close() {
    pollers.close();
    environments.close();
  }

  @Override
  public void forget() {
    pollers.close();
    environments.close();
    environments.removeLeftovers();
  }
}
