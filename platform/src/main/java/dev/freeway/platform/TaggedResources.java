package dev.freeway.platform;

import dev.freeway.store.ReadTx;
import dev.freeway.store.Tx;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// Resources of one kind, as the Resource Groups Tagging API sees them: a service offers its own to
/// [TagRegistry], so that no service needs to know it.
public interface TaggedResources {
  /// As in their ARNs: `sqs`, `elasticloadbalancing`.
  String service();

  /// All of an account and region, with or without tags.
  List<TaggedResource> list(ReadTx tx, Scope scope);

  /// Gives the resource other tags; false when there is none with this ARN.
  boolean change(Tx tx, Arn arn, UnaryOperator<Map<String, String>> to);

  /// Resources that a service lists.
  interface Lister<T> {
    List<T> all(ReadTx tx, Scope scope);
  }

  /// Saves a resource with all its tags.
  interface Saver<T> {
    void save(Tx tx, T resource, Map<String, String> tags);
  }

  static <T> TaggedResources of(
      String service,
      Lister<T> lister,
      Function<T, String> arn,
      Function<T, Map<String, String>> tags,
      Saver<T> saver) {
    return new Listed<>(service, lister, arn, tags, saver);
  }

  /// A kind whose storage lists them.
  record Listed<T>(
      String service,
      Lister<T> lister,
      Function<T, String> arn,
      Function<T, Map<String, String>> tags,
      Saver<T> saver)
      implements TaggedResources {

    @Override
    public List<TaggedResource> list(ReadTx tx, Scope scope) {
      return lister.all(tx, scope).stream()
          .map(t -> new TaggedResource(arn.apply(t), tags.apply(t)))
          .toList();
    }

    @Override
    public boolean change(Tx tx, Arn wanted, UnaryOperator<Map<String, String>> to) {
      Scope scope = new Scope(wanted.account(), wanted.region());
      for (T t : lister.all(tx, scope)) {
        if (arn.apply(t).equals(wanted.toString())) {
          saver.save(tx, t, to.apply(tags.apply(t)));
          return true;
        }
      }
      return false;
    }
  }
}
