package dev.freeway.sqs;

import static dev.freeway.sqs.api.SqsApi.*;

import dev.freeway.flow.Reconciler;
import dev.freeway.platform.Arn;
import dev.freeway.platform.Operations;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Service;
import dev.freeway.platform.TaggedResources;
import dev.freeway.sqs.api.SqsApi;
import dev.freeway.sqs.api.SqsErrors;
import dev.freeway.store.ReadTx;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.http.WireRequest;
import dev.freeway.wire.model.ServiceInfo;
import dev.freeway.wire.model.ServiceModel;
import dev.freeway.wire.protocol.Constraints.Violation;
import java.util.List;
import java.util.Optional;

/// Simple Queue Service: contents page.
public final class Sqs implements Service {
  private final Queues queues = new Queues();
  private final QueueOperations queueOperations;
  private final AttributeOperations attributes;
  private final Permissions permissions;
  private final Sending sending;
  private final Receiving receiving;
  private final Receipts receipts;
  private final MoveTasks moveTasks;
  private final Retention retention;
  private final Sweep sweep;
  private final Waiting waiting = new Waiting();

  public Sqs(Platform platform) {
    platform
        .tagged()
        .add(
            TaggedResources.of(
                "sqs",
                (tx, scope) -> queues.all(tx, scope, ""),
                Queue::arn,
                Queue::tags,
                (tx, q, tags) -> queues.save(tx, q.withTags(tags))));
    Lanes lanes = new Lanes(queues, waiting);
    platform.measures().add(new QueueDepth(platform, queues, lanes));
    queueOperations = new QueueOperations(platform, queues);
    attributes = new AttributeOperations(platform, queues, lanes, queueOperations);
    permissions = new Permissions(platform.store(), queues);
    sending = new Sending(platform, queues, lanes, waiting);
    receiving = new Receiving(platform, queues, lanes, waiting);
    receipts = new Receipts(platform, queues, lanes, waiting);
    moveTasks = new MoveTasks(platform, queues, lanes, new DeadLetters(queues, lanes, waiting));
    retention = new Retention(platform, queues, lanes);
    sweep = new Sweep(platform);
  }

  /// The queue's.
  @Override
  public Optional<String> resourcePolicy(ReadTx tx, Arn resource) {
    return queues
        .find(tx, resource)
        .flatMap(q -> Optional.ofNullable(q.attributes().get("Policy")));
  }

  @Override
  public ServiceInfo info() {
    return INFO;
  }

  @Override
  public ServiceModel model() {
    return SqsApi.model();
  }

  @Override
  public List<Reconciler> reconcilers() {
    return List.of(moveTasks, retention, sweep);
  }

  @Override
  public WireRequest normalise(WireRequest request) {
    return QueueUrlRequests.normalise(request);
  }

  @Override
  public AwsException invalid(List<Violation> violations) {
    Violation v = violations.getFirst();
    String name = Character.toUpperCase(v.path().charAt(0)) + v.path().substring(1);
    return switch (v.kind()) {
      case REQUIRED ->
          AwsException.client(
              "MissingParameter", "The request must contain the parameter " + name + ".");
      case ENUM -> SqsErrors.invalidAttributeName("Unknown Attribute " + v.value() + ".");
      case LENGTH, RANGE, PATTERN -> AwsException.client("InvalidParameterValue", v.sentence());
    };
  }

  @Override
  public void define(Operations on) {
    on.on(CREATE_QUEUE, queueOperations::create);
    on.on(DELETE_QUEUE, queueOperations::delete);
    on.on(PURGE_QUEUE, queueOperations::purge);
    on.on(GET_QUEUE_URL, queueOperations::url);
    on.on(LIST_QUEUES, queueOperations::list);
    on.on(LIST_DEAD_LETTER_SOURCE_QUEUES, queueOperations::sources);
    on.on(TAG_QUEUE, queueOperations::tag);
    on.on(UNTAG_QUEUE, queueOperations::untag);
    on.on(LIST_QUEUE_TAGS, queueOperations::tags);
    on.on(GET_QUEUE_ATTRIBUTES, attributes::get);
    on.on(SET_QUEUE_ATTRIBUTES, attributes::set);
    on.on(ADD_PERMISSION, permissions::add);
    on.on(REMOVE_PERMISSION, permissions::remove);
    on.on(SEND_MESSAGE, sending::one);
    on.on(SEND_MESSAGE_BATCH, sending::batch);
    on.on(RECEIVE_MESSAGE, receiving);
    on.on(DELETE_MESSAGE, receipts::delete);
    on.on(DELETE_MESSAGE_BATCH, receipts::deleteBatch);
    on.on(CHANGE_MESSAGE_VISIBILITY, receipts::putOff);
    on.on(CHANGE_MESSAGE_VISIBILITY_BATCH, receipts::putOffBatch);
    on.on(START_MESSAGE_MOVE_TASK, moveTasks::start);
    on.on(CANCEL_MESSAGE_MOVE_TASK, moveTasks::cancel);
    on.on(LIST_MESSAGE_MOVE_TASKS, moveTasks::list);
  }

  /// Ends the long polls.
  @Override
  public void close() {
    waiting.close();
  }
}
