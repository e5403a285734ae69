package dev.freeway.codepipeline;

import dev.freeway.codepipeline.api.ActionTypeDeclaration;
import dev.freeway.codepipeline.api.ActionTypeId;
import dev.freeway.codepipeline.api.ActionTypeSettings;
import dev.freeway.platform.Scope;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A type of action whose work is done by job workers outside: a custom action of an account, or a
/// third party's.
///
/// @param deleted no pipeline can use it any more, nor can its version come again
/// @param declaration as UpdateActionType gave it; null for custom actions
record CustomType(
    Scope scope,
    String category,
    String owner,
    String provider,
    String version,
    Bounds inputs,
    Bounds outputs,
    List<Property> properties,
    @Nullable ActionTypeSettings settings,
    Map<String, String> tags,
    boolean deleted,
    @Nullable ActionTypeDeclaration declaration) {
  static final int MOST_ARTIFACTS = 10;

  /// How many artifacts an action takes or makes.
  record Bounds(int least, int most) {
    boolean hold(int count) {
      return least <= count && count <= most;
    }
  }

  /// A key of the configuration.
  ///
  /// @param type String, Number or Boolean
  record Property(
      String name,
      boolean required,
      boolean key,
      boolean secret,
      boolean queryable,
      @Nullable String description,
      String type) {}

  CustomType {
    properties = properties == null ? List.of() : properties;
    tags = tags == null ? Map.of() : tags;
  }

  String arn() {
    return scope
        .arn(
            "codepipeline", "actiontype:" + owner + "/" + category + "/" + provider + "/" + version)
        .toString();
  }

  ActionTypeId id() {
    return new ActionTypeId(category, owner, provider, version);
  }

  CustomType withTags(Map<String, String> other) {
    return new CustomType(
        scope,
        category,
        owner,
        provider,
        version,
        inputs,
        outputs,
        properties,
        settings,
        other,
        deleted,
        declaration);
  }

  CustomType gone() {
    return new CustomType(
        scope,
        category,
        owner,
        provider,
        version,
        inputs,
        outputs,
        properties,
        settings,
        Map.of(),
        true,
        declaration);
  }
}
