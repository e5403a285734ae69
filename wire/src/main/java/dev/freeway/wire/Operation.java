package dev.freeway.wire;

/// An operation of a service, with the generated types of its input and output. Generated as
/// constants; handlers are registered and other services called by them.
public record Operation<I extends Structure, O extends Structure>(
    String service, String name, Class<I> input, Class<O> output) {

  @Override
  public String toString() {
    return service + ":" + name;
  }
}
