package dev.freeway.codepipeline;

import dev.freeway.codepipeline.CustomType.Bounds;
import dev.freeway.codepipeline.CustomType.Property;
import dev.freeway.codepipeline.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Page;
import dev.freeway.store.Store;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.Structure;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Types of action: what an account adds to AWS's own.
///
/// At AWS a partner's type comes into being when AWS takes the partner in; here UpdateActionType
/// with the owner `ThirdParty` makes it.
final class ActionTypeOperations {
  private static final int MOST = 50;
  private static final int PAGE = 100;

  private final Store store;
  private final CustomTypes types;

  ActionTypeOperations(Store store, CustomTypes types) {
    this.store = store;
    this.types = types;
  }

  CreateCustomActionTypeOutput create(Call call, CreateCustomActionTypeInput in) {
    CustomType type = custom(call, in);
    store.update(
        tx -> {
          types
              .known(tx, call.scope(), type.id())
              .ifPresent(
                  before -> {
                    throw invalid(
                        before.deleted()
                            ? CustomTypes.text(type.id())
                                + " was deleted: the version cannot be used again"
                            : CustomTypes.text(type.id()) + " already exists");
                  });
          if (types.all(tx, call.scope()).size() >= MOST) {
            throw CodepipelineErrors.limitExceededException(
                "The account has reached the limit of " + MOST + " custom actions");
          }
          types.save(tx, type);
        });
    return CreateCustomActionTypeOutput.builder().actionType(shown(type)).tags(in.tags()).build();
  }

  private static CustomType custom(Call call, CreateCustomActionTypeInput in) {
    if (in.category().equals("Compute")) {
      throw invalid("Custom actions of the category Compute are not supported");
    }
    List<Property> properties = new ArrayList<>();
    if (in.configurationProperties() != null) {
      in.configurationProperties().forEach(p -> properties.add(property(p)));
    }
    if (properties.stream().map(Property::name).distinct().count() < properties.size()) {
      throw invalid("The names of configuration properties must be unique");
    }
    List<Property> queryable = properties.stream().filter(Property::queryable).toList();
    if (queryable.size() > 1) {
      throw invalid("Only one configuration property can be queryable");
    }
    if (queryable.stream().anyMatch(p -> p.secret() || !p.required())) {
      throw invalid("A queryable configuration property must be required and not secret");
    }
    Map<String, String> tags = new LinkedHashMap<>();
    if (in.tags() != null) {
      in.tags().forEach(t -> tags.put(t.key(), t.value()));
    }
    return new CustomType(
        call.scope(),
        in.category(),
        "Custom",
        in.provider(),
        in.version(),
        bounds(in.inputArtifactDetails().minimumCount(), in.inputArtifactDetails().maximumCount()),
        bounds(
            in.outputArtifactDetails().minimumCount(), in.outputArtifactDetails().maximumCount()),
        properties,
        in.settings(),
        tags,
        false,
        null);
  }

  private static Property property(ActionConfigurationProperty p) {
    return new Property(
        p.name(),
        p.required(),
        p.key(),
        p.secret(),
        Boolean.TRUE.equals(p.queryable()),
        p.description(),
        p.type() == null ? "String" : p.type());
  }

  private static Bounds bounds(int least, int most) {
    if (least > most) {
      throw invalid("minimumCount of artifacts must not be greater than maximumCount");
    }
    return new Bounds(least, most);
  }

  Structure.Empty delete(Call call, DeleteCustomActionTypeInput in) {
    ActionTypeId id = new ActionTypeId(in.category(), "Custom", in.provider(), in.version());
    store.update(tx -> types.find(tx, call.scope(), id).ifPresent(t -> types.save(tx, t.gone())));
    return new Structure.Empty();
  }

  ListActionTypesOutput list(Call call, ListActionTypesInput in) {
    List<ActionType> all = new ArrayList<>(BuiltInTypes.all());
    store.read(tx -> types.all(tx, call.scope())).forEach(t -> all.add(shown(t)));
    List<ActionType> chosen =
        all.stream()
            .filter(
                t ->
                    in.actionOwnerFilter() == null || in.actionOwnerFilter().equals(t.id().owner()))
            .sorted(Comparator.comparing(ActionTypeOperations::order))
            .toList();
    var page =
        Page.of(
            chosen,
            ActionTypeOperations::order,
            in.nextToken(),
            null,
            PAGE,
            CodepipelineErrors.invalidNextTokenException(
                "The next token was specified in an invalid format"));
    return ListActionTypesOutput.builder()
        .actionTypes(page.items())
        .nextToken(page.nextToken())
        .build();
  }

  private static String order(ActionType t) {
    ActionTypeId id = t.id();
    return String.join("/", id.owner(), id.category(), id.provider(), id.version());
  }

  GetActionTypeOutput get(Call call, GetActionTypeInput in) {
    ActionTypeId id = new ActionTypeId(in.category(), in.owner(), in.provider(), in.version());
    ActionTypeDeclaration found =
        store.read(tx -> types.require(tx, call.scope(), id)).declaration();
    return GetActionTypeOutput.builder().actionType(found).build();
  }

  Structure.Empty update(Call call, UpdateActionTypeInput in) {
    ActionTypeDeclaration d = in.actionType();
    ActionTypeIdentifier i = d.id();
    ActionTypeId id = new ActionTypeId(i.category(), i.owner(), i.provider(), i.version());
    if (!id.owner().equals("ThirdParty")) {
      throw CustomTypes.missing(id);
    }
    if (!d.executor().type().equals("JobWorker")) {
      throw invalid("Action types with the executor Lambda need a service that Freeway has not");
    }
    List<Property> properties = new ArrayList<>();
    if (d.properties() != null) {
      for (ActionTypeProperty p : d.properties()) {
        properties.add(
            new Property(
                p.name(),
                !p.optional(),
                p.key(),
                p.noEcho(),
                Boolean.TRUE.equals(p.queryable()),
                p.description(),
                "String"));
      }
    }
    CustomType type =
        new CustomType(
            call.scope(),
            id.category(),
            id.owner(),
            id.provider(),
            id.version(),
            bounds(
                d.inputArtifactDetails().minimumCount(), d.inputArtifactDetails().maximumCount()),
            bounds(
                d.outputArtifactDetails().minimumCount(), d.outputArtifactDetails().maximumCount()),
            properties,
            settings(d.urls()),
            Map.of(),
            false,
            d);
    store.update(tx -> types.save(tx, type));
    return new Structure.Empty();
  }

  private static @Nullable ActionTypeSettings settings(ActionTypeUrls urls) {
    return urls == null
        ? null
        : new ActionTypeSettings(
            urls.configurationUrl(),
            urls.entityUrlTemplate(),
            urls.executionUrlTemplate(),
            urls.revisionUrlTemplate());
  }

  static ActionType shown(CustomType t) {
    return ActionType.builder()
        .id(t.id())
        .settings(t.settings())
        .actionConfigurationProperties(
            t.properties().stream()
                .map(
                    p ->
                        new ActionConfigurationProperty(
                            p.name(),
                            p.required(),
                            p.key(),
                            p.secret(),
                            p.queryable(),
                            p.description(),
                            p.type()))
                .toList())
        .inputArtifactDetails(new ArtifactDetails(t.inputs().least(), t.inputs().most()))
        .outputArtifactDetails(new ArtifactDetails(t.outputs().least(), t.outputs().most()))
        .build();
  }

  private static AwsException invalid(String message) {
    return AwsException.client("ValidationException", message);
  }
}
