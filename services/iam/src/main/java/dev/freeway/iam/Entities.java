package dev.freeway.iam;

import dev.freeway.iam.api.IamErrors;
import dev.freeway.platform.Call;
import dev.freeway.platform.Ids;
import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Storage of users, groups and roles. Names that differ only by case are the same name.
final class Entities {
  private static final Table<Entity> TABLE = new Table<>("iam_entities", Entity.class);

  static Entity fresh(
      Call call,
      Kind kind,
      String name,
      @Nullable String path,
      Map<String, String> tags,
      Entity.@Nullable Trust trust) {
    Names.check(kind.word() + "Name", name);
    return new Entity(
        kind,
        name,
        path == null ? "/" : path,
        kind.idPrefix + Ids.base32(17),
        now(call),
        tags,
        Map.of(),
        List.of(),
        null,
        trust,
        List.of());
  }

  /// IAM counts in seconds.
  static Instant now(Call call) {
    return call.at().truncatedTo(ChronoUnit.SECONDS);
  }

  void create(Tx tx, Call call, Entity entity) {
    if (!tx.insertIfAbsent(TABLE, key(call, entity.kind(), entity.name()), entity)) {
      throw IamErrors.entityAlreadyExistsException(
          entity.kind().title + " with name " + entity.name() + " already exists.");
    }
  }

  Optional<Entity> find(ReadTx tx, Call call, Kind kind, String name) {
    return find(tx, call.account(), kind, name);
  }

  Optional<Entity> find(ReadTx tx, String account, Kind kind, String name) {
    return tx.get(TABLE, key(account, kind, name));
  }

  Entity require(ReadTx tx, Call call, Kind kind, String name) {
    return find(tx, call, kind, name)
        .orElseThrow(
            () ->
                IamErrors.noSuchEntityException(
                    "The " + kind.word() + " with name " + name + " cannot be found."));
  }

  void save(Tx tx, Call call, Entity entity) {
    tx.put(TABLE, key(call, entity.kind(), entity.name()), entity);
  }

  void delete(Tx tx, Call call, Entity entity) {
    tx.delete(TABLE, key(call, entity.kind(), entity.name()));
  }

  /// All of one kind, by name.
  List<Entity> all(ReadTx tx, Call call, Kind kind) {
    return tx.scan(TABLE, Key.prefix(call.account(), kind.name())).stream()
        .map(Row::value)
        .toList();
  }

  List<Entity> all(ReadTx tx, Call call) {
    return tx.scan(TABLE, Key.prefix(call.account())).stream().map(Row::value).toList();
  }

  /// What names sort and compare by.
  static String folded(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  private static String key(Call call, Kind kind, String name) {
    return key(call.account(), kind, name);
  }

  private static String key(String account, Kind kind, String name) {
    return Key.of(account, kind.name(), folded(name));
  }
}
