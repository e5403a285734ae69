package dev.freeway.wire.model;

import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A service as AWS publishes it: its protocols, operations and shapes. Read from the JSON of the
/// service's folder when the service is first called.
public final class ServiceModel {
  private final Metadata metadata;
  private final Map<String, OperationModel> operations;
  private final Shapes shapes;
  private volatile @Nullable Map<String, StructureShape> errors;

  /// @param targetPrefix of `X-Amz-Target` for the JSON protocols
  /// @param queryCompatible whether clients may still speak awsQuery, and know errors by its codes
  public record Metadata(
      String name,
      String serviceId,
      String signingName,
      String apiVersion,
      String protocol,
      @Nullable String targetPrefix,
      String jsonVersion,
      Member.@Nullable XmlNamespace xmlNamespace,
      boolean queryCompatible) {}

  ServiceModel(
      Metadata metadata,
      Shapes shapes,
      java.util.function.Function<ServiceModel, Map<String, OperationModel>> ops) {
    this.metadata = metadata;
    this.shapes = shapes;
    this.operations = ops.apply(this);
  }

  public String name() {
    return metadata.name();
  }

  public Metadata metadata() {
    return metadata;
  }

  public Collection<OperationModel> operations() {
    return operations.values();
  }

  public @Nullable OperationModel operation(String name) {
    return operations.get(name);
  }

  /// The error shape with this code, among those the operations name.
  public @Nullable StructureShape error(String code) {
    Map<String, StructureShape> known = errors;
    if (known == null) {
      known = new java.util.HashMap<>();
      for (OperationModel o : operations.values()) {
        for (StructureShape e : o.errors()) {
          known.put(e.error() == null ? e.name() : e.error().code(), e);
        }
      }
      errors = known;
    }
    return known.get(code);
  }

  public Shape shape(String name) {
    return shapes.get(name);
  }
}
