package dev.freeway.sqs;

import dev.freeway.platform.Arn;
import dev.freeway.platform.Call;
import dev.freeway.platform.Scope;
import dev.freeway.sqs.api.SqsErrors;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import dev.freeway.wire.AwsException;
import java.util.List;
import java.util.Optional;

/// Storage of queues, and their URLs: `http://localhost:4566/ACCOUNT/NAME`.
final class Queues {
  private static final Table<Queue> TABLE = new Table<>("sqs_queues", Queue.class);

  static String url(Call call, Queue queue) {
    return call.endpoint() + "/" + queue.scope().account() + "/" + queue.name();
  }

  /// The key of the queue that a URL names, whatever its host.
  static String keyOf(Call call, String url) {
    int end = url.length();
    int slash = url.lastIndexOf('/', end - 1);
    String name = url.substring(slash + 1, end);
    String rest = slash < 0 ? "" : url.substring(0, slash);
    String account = rest.substring(rest.lastIndexOf('/') + 1);
    if (!name.matches("[A-Za-z0-9_.-]+")
        || account.length() != 12
        || !account.chars().allMatch(Character::isDigit)) {
      throw SqsErrors.invalidAddress("The address " + url + " is not valid for this endpoint.");
    }
    return new Scope(account, call.region()).key(name);
  }

  Optional<Queue> find(ReadTx tx, String key) {
    return tx.get(TABLE, key);
  }

  Optional<Queue> find(ReadTx tx, Arn arn) {
    return find(tx, new Scope(arn.account(), arn.region()).key(arn.resource()));
  }

  Queue require(ReadTx tx, Call call, String url) {
    return find(tx, keyOf(call, url)).orElseThrow(Queues::none);
  }

  static AwsException none() {
    return SqsErrors.queueDoesNotExist("The specified queue does not exist.");
  }

  void save(Tx tx, Queue queue) {
    tx.put(TABLE, queue.key(), queue);
  }

  void delete(Tx tx, Queue queue) {
    tx.delete(TABLE, queue.key());
  }

  List<Queue> all(ReadTx tx, Scope scope, String prefix) {
    return tx.scan(TABLE, scope.key(prefix)).stream().map(Row::value).toList();
  }

  List<Queue> everywhere(ReadTx tx) {
    return tx.scan(TABLE, "").stream().map(Row::value).toList();
  }

  /// Those whose dead letters go to this queue.
  List<Queue> sources(ReadTx tx, Queue deadLetters) {
    return all(tx, deadLetters.scope(), "").stream()
        .filter(q -> q.redrive().filter(r -> r.targetArn().equals(deadLetters.arn())).isPresent())
        .toList();
  }
}
