package dev.freeway.wire.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// An operation: its HTTP binding and its shapes.
///
/// @param named whether the model only names it: its shapes were left out to keep the model small
/// @param resultWrapper the element around a Query answer
public record OperationModel(
    ServiceModel service,
    String name,
    boolean named,
    String httpMethod,
    UriPattern uri,
    int responseCode,
    StructureShape input,
    @Nullable String inputXmlName,
    Member.@Nullable XmlNamespace inputXmlNamespace,
    StructureShape output,
    @Nullable String resultWrapper,
    List<StructureShape> errors) {

  @Override
  public String toString() {
    return service.name() + ":" + name;
  }

  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }
}
