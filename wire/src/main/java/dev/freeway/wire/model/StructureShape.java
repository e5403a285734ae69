package dev.freeway.wire.model;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A structure, a union (one member set) or an error.
public final class StructureShape implements Shape {
  /// What an error shape says beside its members.
  public record ErrorTrait(String code, int status) {}

  private final String name;
  private final boolean union;
  private final @Nullable ErrorTrait error;
  private final @Nullable String payload;
  private final Member.@Nullable XmlNamespace xmlNamespace;
  private final @Nullable String xmlName;
  private final boolean unwrapped;
  private final boolean eventStream;
  private final Supplier<List<Member>> source;
  private volatile @Nullable Resolved resolved;

  private record Resolved(
      List<Member> members, Map<String, Member> byName, Map<String, Member> byWireName) {}

  StructureShape(
      String name,
      boolean union,
      @Nullable ErrorTrait error,
      @Nullable String payload,
      Member.@Nullable XmlNamespace xmlNamespace,
      @Nullable String xmlName,
      boolean unwrapped,
      boolean eventStream,
      Supplier<List<Member>> source) {
    this.name = name;
    this.union = union;
    this.error = error;
    this.payload = payload;
    this.xmlNamespace = xmlNamespace;
    this.xmlName = xmlName;
    this.unwrapped = unwrapped;
    this.eventStream = eventStream;
    this.source = source;
  }

  @Override
  public String name() {
    return name;
  }

  public boolean union() {
    return union;
  }

  public @Nullable ErrorTrait error() {
    return error;
  }

  public Member.@Nullable XmlNamespace xmlNamespace() {
    return xmlNamespace;
  }

  public @Nullable String xmlName() {
    return xmlName;
  }

  /// Whether the one member of the body stands without the structure's own element (S3
  /// GetBucketLocation).
  public boolean unwrapped() {
    return unwrapped;
  }

  /// Whether this is a union of events, sent one by one over an open response.
  public boolean eventStream() {
    return eventStream;
  }

  /// The member that is an event stream, if the structure has one.
  public @Nullable Member events() {
    for (Member m : members()) {
      if (m.eventStream()) {
        return m;
      }
    }
    return null;
  }

  /// The member that is the whole HTTP body, if the structure has one.
  public @Nullable Member payload() {
    return payload == null ? null : member(payload);
  }

  public List<Member> members() {
    return resolve().members;
  }

  public @Nullable Member member(String memberName) {
    return resolve().byName.get(memberName);
  }

  public @Nullable Member byWireName(String wireName) {
    return resolve().byWireName.get(wireName);
  }

  // Resolved on first use: shapes refer to each other in circles, and most of a model is never
  // touched.
  private Resolved resolve() {
    Resolved r = resolved;
    if (r == null) {
      List<Member> members = source.get();
      Map<String, Member> byName = HashMap.newHashMap(members.size());
      Map<String, Member> byWireName = HashMap.newHashMap(members.size());
      for (Member m : members) {
        byName.put(m.name(), m);
        byWireName.put(m.wireName(), m);
      }
      resolved = r = new Resolved(members, byName, byWireName);
    }
    return r;
  }
}
