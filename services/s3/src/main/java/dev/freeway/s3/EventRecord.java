package dev.freeway.s3;

import dev.freeway.platform.Call;
import dev.freeway.wire.http.QueryString;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The message of an event (user guide, "Event message structure"), version 2.1.
final class EventRecord {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private EventRecord() {}

  /// @param event such as `ObjectCreated:Put`
  /// @param size and etag are null for what was deleted
  static String of(
      Call call,
      Bucket b,
      StoredObject o,
      String event,
      String configuration,
      String sequencer,
      @Nullable Long size,
      @Nullable String etag) {
    ObjectNode root = JsonMapper.shared().createObjectNode();
    ObjectNode r = root.putArray("Records").addObject();
    r.put("eventVersion", "2.1").put("eventSource", "aws:s3").put("awsRegion", b.region());
    r.put("eventTime", TIME.format(call.at())).put("eventName", event);
    r.putObject("userIdentity").put("principalId", "AWS:" + call.principal().userId());
    r.putObject("requestParameters")
        .put("sourceIPAddress", call.peer() == null ? "127.0.0.1" : call.peer().address());
    r.putObject("responseElements")
        .put("x-amz-request-id", call.requestId())
        .put("x-amz-id-2", call.requestId());
    ObjectNode s3 = r.putObject("s3");
    s3.put("s3SchemaVersion", "1.0").put("configurationId", configuration);
    ObjectNode bucket = s3.putObject("bucket");
    bucket.put("name", b.name());
    bucket.putObject("ownerIdentity").put("principalId", b.account());
    bucket.put("arn", b.arn());
    ObjectNode object = s3.putObject("object");
    object.put("key", QueryString.encode(o.key(), true).replace("%20", "+"));
    if (size != null) {
      object.put("size", size);
    }
    if (etag != null) {
      object.put("eTag", etag.replace("\"", ""));
    }
    if (b.everVersioned()) {
      object.put("versionId", o.versionId());
    }
    object.put("sequencer", sequencer);
    return root.toString();
  }

  /// What S3 sends when it is configured to tell somebody.
  static String test(Call call, String bucket) {
    return JsonMapper.shared()
        .createObjectNode()
        .put("Service", "Amazon S3")
        .put("Event", "s3:TestEvent")
        .put("Time", TIME.format(call.at()))
        .put("Bucket", bucket)
        .put("RequestId", call.requestId())
        .put("HostId", call.requestId())
        .toString();
  }
}
