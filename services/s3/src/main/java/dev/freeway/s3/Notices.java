package dev.freeway.s3;

import dev.freeway.flow.Outcome;
import dev.freeway.flow.Reconciler;
import dev.freeway.platform.Arn;
import dev.freeway.platform.Call;
import dev.freeway.platform.Ids;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Principal;
import dev.freeway.platform.Scope;
import dev.freeway.s3.uses.lambda.InvocationRequest;
import dev.freeway.s3.uses.lambda.LambdaApi;
import dev.freeway.s3.uses.sns.GetTopicAttributesInput;
import dev.freeway.s3.uses.sns.PublishInput;
import dev.freeway.s3.uses.sns.SnsApi;
import dev.freeway.s3.uses.sqs.GetQueueAttributesRequest;
import dev.freeway.s3.uses.sqs.SendMessageRequest;
import dev.freeway.s3.uses.sqs.SqsApi;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import dev.freeway.wire.AwsException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// Messages to the queues, topics and functions of notification configurations: stored with the
/// change they tell of, delivered at least once. What its target refuses is dropped, as S3 drops
/// it.
final class Notices implements Reconciler {
  private static final String KIND = "s3.notification";
  private static final System.Logger LOG = System.getLogger(Notices.class.getName());
  private static final Table<Notice> TABLE = new Table<>("s3_notices", Notice.class);

  /// @param target ARN of a queue, a topic or a function
  /// @param owner the bucket's account
  record Notice(String bucket, String target, String message, String owner) {
    Notice {
      owner = Objects.requireNonNullElse(owner, "");
    }
  }

  private final Platform platform;

  Notices(Platform platform) {
    this.platform = platform;
  }

  void add(Tx tx, Bucket bucket, String target, String message) {
    String key = Ids.uuid();
    tx.put(TABLE, key, new Notice(bucket.name(), target, message, bucket.account()));
    platform.flow().wake(tx, KIND, key);
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public Outcome reconcile(String key) {
    Optional<Notice> found = platform.store().read(tx -> tx.get(TABLE, key));
    if (found.isEmpty()) {
      return Outcome.done();
    }
    Notice n = found.get();
    try {
      send(n);
    } catch (AwsException e) {
      if (e.serverFault() || e.code().contains("Throttl")) {
        return Outcome.failed(e);
      }
      LOG.log(
          Level.WARNING,
          "event of bucket " + n.bucket() + " was refused by " + n.target() + ": " + e);
    }
    platform.store().update(tx -> tx.delete(TABLE, key));
    return Outcome.done();
  }

  /// A queue, topic or function decides by its policy which buckets may turn to it.
  private Call call(Arn target, String bucket, String owner) {
    Principal s3 = Principal.service(owner, "s3.amazonaws.com", "arn:aws:s3:::" + bucket);
    return platform.background(new Scope(target.account(), target.region()), "s3").as(s3);
  }

  private String url(Arn queue) {
    return platform.settings().endpoint() + "/" + queue.account() + "/" + queue.resource();
  }

  private void invoke(Call call, Arn function, String type, String message) {
    platform
        .clients()
        .call(
            call,
            LambdaApi.INVOKE,
            InvocationRequest.builder()
                .functionName(function.toString())
                .invocationType(type)
                .payload(message.getBytes(StandardCharsets.UTF_8))
                .build());
  }

  private void send(Notice n) {
    Arn target = Arn.parse(n.target()).orElseThrow();
    Call call = call(target, n.bucket(), n.owner());
    if (target.service().equals("lambda")) {
      invoke(call, target, "Event", n.message());
    } else if (target.service().equals("sns")) {
      platform
          .clients()
          .call(
              call,
              SnsApi.PUBLISH,
              PublishInput.builder()
                  .topicArn(target.toString())
                  .subject("Amazon S3 Notification")
                  .message(n.message())
                  .build());
    } else {
      platform
          .clients()
          .call(
              call,
              SqsApi.SEND_MESSAGE,
              SendMessageRequest.builder().queueUrl(url(target)).messageBody(n.message()).build());
    }
  }

  /// Throws S3's error for a target that is not there, or that does not let the bucket in.
  void check(String target, String service, Bucket bucket) {
    Arn arn =
        Arn.parse(target)
            .filter(a -> a.service().equals(service))
            .orElseThrow(
                () -> AwsException.client("InvalidArgument", "The ARN could not be parsed"));
    Call call = call(arn, bucket.name(), bucket.account());
    Call looking = platform.background(call.scope(), "s3");
    try {
      if (service.equals("lambda")) {
        invoke(call, arn, "DryRun", "{}");
      } else if (service.equals("sns")) {
        platform
            .clients()
            .call(
                looking,
                SnsApi.GET_TOPIC_ATTRIBUTES,
                GetTopicAttributesInput.builder().topicArn(target).build());
        platform.authorizer().get().authorize(call, "sns:Publish", target, Map.of());
      } else if (arn.resource().endsWith(".fifo")) {
        throw unable();
      } else {
        platform
            .clients()
            .call(
                looking,
                SqsApi.GET_QUEUE_ATTRIBUTES,
                GetQueueAttributesRequest.builder()
                    .queueUrl(url(arn))
                    .attributeNames(List.of("QueueArn"))
                    .build());
        platform.authorizer().get().authorize(call, "sqs:SendMessage", target, Map.of());
      }
    } catch (AwsException e) {
      throw e.serverFault() ? e : unable();
    }
  }

  private static AwsException unable() {
    return AwsException.client(
        "InvalidArgument", "Unable to validate the following destination configurations");
  }
}
