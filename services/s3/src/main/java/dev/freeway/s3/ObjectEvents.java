package dev.freeway.s3;

import dev.freeway.platform.Call;
import dev.freeway.platform.Event;
import dev.freeway.platform.EventBus;
import dev.freeway.platform.Scope;
import dev.freeway.s3.api.NotificationConfiguration;
import dev.freeway.store.Tx;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What EventBridge, queues and topics are told of a bucket, as its notification configuration
/// says.
final class ObjectEvents {
  private final EventBus bus;

  private final Notices notices;

  ObjectEvents(EventBus bus, Notices notices) {
    this.bus = bus;
    this.notices = notices;
  }

  /// @param reason the operation: PutObject, CopyObject, CompleteMultipartUpload
  void created(Tx tx, Call call, Bucket b, StoredObject o, String reason) {
    notify(tx, call, b, o, createdName(reason));
    if (isOn(tx, b)) {
      Map<String, Object> object = object(tx, b, o);
      object.put("size", o.size());
      object.put("etag", o.etag());
      publish(tx, call, b, "Object Created", object, Map.of("reason", reason));
    }
  }

  /// @param o what was deleted, or the new delete marker
  void deleted(Tx tx, Call call, Bucket b, StoredObject o, String reason) {
    notify(tx, call, b, o, deletedName(o, reason));
    if (isOn(tx, b)) {
      Map<String, Object> object = object(tx, b, o);
      if (o.deleteMarker()) {
        object.put("etag", "d41d8cd98f00b204e9800998ecf8427e");
      } else {
        object.put("etag", o.etag());
      }
      String type = o.deleteMarker() ? "Delete Marker Created" : "Permanently Deleted";
      publish(
          tx, call, b, "Object Deleted", object, Map.of("reason", reason, "deletion-type", type));
    }
  }

  private static String createdName(String reason) {
    return "ObjectCreated:"
        + switch (reason) {
          case "CopyObject" -> "Copy";
          case "CompleteMultipartUpload" -> "CompleteMultipartUpload";
          default -> "Put";
        };
  }

  private static String deletedName(StoredObject o, String reason) {
    String kind = reason.startsWith("Lifecycle") ? "LifecycleExpiration:" : "ObjectRemoved:";
    return kind + (o.deleteMarker() ? "DeleteMarkerCreated" : "Delete");
  }

  private void notify(Tx tx, Call call, Bucket b, StoredObject o, String event) {
    NotificationConfiguration n = BucketSettings.NOTIFICATION.find(tx, b.name()).orElse(null);
    if (n == null) {
      return;
    }
    boolean created = event.startsWith("ObjectCreated");
    for (NotificationRules.Rule rule : NotificationRules.of(n)) {
      if (rule.wants(event, o.key())) {
        String message =
            EventRecord.of(
                call,
                b,
                o,
                event,
                rule.id(),
                "%016X".formatted(tx.next("s3_sequencer")),
                created ? o.size() : null,
                created ? o.etag() : null);
        notices.add(tx, b, rule.target(), message);
      }
    }
  }

  private static boolean isOn(Tx tx, Bucket b) {
    return BucketSettings.NOTIFICATION
        .find(tx, b.name())
        .filter(n -> n.eventBridgeConfiguration() != null)
        .isPresent();
  }

  private static Map<String, Object> object(Tx tx, Bucket b, StoredObject o) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("key", o.key());
    if (b.everVersioned()) {
      object.put("version-id", o.versionId());
    }
    // Grows with each event of the node, as it must with each of a key.
    object.put("sequencer", "%016X".formatted(tx.next("s3_sequencer")));
    return object;
  }

  private void publish(
      Tx tx,
      Call call,
      Bucket b,
      String type,
      Map<String, Object> object,
      Map<String, Object> more) {
    Map<String, Object> detail = new LinkedHashMap<>();
    detail.put("version", "0");
    detail.put("bucket", Map.of("name", b.name()));
    detail.put("object", object);
    detail.put("request-id", call.requestId());
    detail.put("requester", call.account());
    detail.put("source-ip-address", "127.0.0.1");
    detail.putAll(more);
    Scope scope = new Scope(b.account(), b.region());
    bus.publish(tx, Event.of(scope, call.at(), "aws.s3", type, List.of(b.arn()), detail));
  }
}
