package dev.freeway.sns;

import dev.freeway.platform.Platform;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The JSON around a message (developer guide, "HTTP/HTTPS notification JSON format"), signed.
final class Envelopes {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private final Platform platform;
  private final Signer signer;

  Envelopes(Platform platform, Signer signer) {
    this.platform = platform;
    this.signer = signer;
  }

  String subscribeUrl(Subscriber s) {
    return platform.settings().endpoint()
        + "/?Action=ConfirmSubscription&Version=2010-03-31&TopicArn="
        + s.topicArn()
        + "&Token="
        + s.token();
  }

  private String unsubscribeUrl(Subscriber s) {
    return platform.settings().endpoint()
        + "/?Action=Unsubscribe&Version=2010-03-31&SubscriptionArn="
        + s.arn();
  }

  String of(Notification n, Subscriber s, String signatureVersion) {
    boolean confirmation = n.kind().equals("SubscriptionConfirmation");
    String time = TIME.format(n.published());
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.put("Type", n.kind()).put("MessageId", n.id());
    put(json, "SequenceNumber", n.sequence());
    put(json, "Token", confirmation ? s.token() : null);
    json.put("TopicArn", n.topicArn());
    put(json, "Subject", n.subject());
    json.put("Message", n.body());
    put(json, "SubscribeURL", confirmation ? subscribeUrl(s) : null);
    json.put("Timestamp", time).put("SignatureVersion", signatureVersion);
    String signed = signedText(n, s, confirmation, time);
    json.put(
        "Signature",
        signer.sign(s.scope(), signed.getBytes(StandardCharsets.UTF_8), signatureVersion));
    json.put("SigningCertURL", platform.settings().endpoint() + Signer.PATH);
    put(json, "UnsubscribeURL", confirmation ? null : unsubscribeUrl(s));
    attributes(json, n);
    return json.toString();
  }

  private static void attributes(ObjectNode json, Notification n) {
    if (!n.attributes().isEmpty()) {
      ObjectNode all = json.putObject("MessageAttributes");
      n.attributes()
          .forEach(
              (name, v) ->
                  all.putObject(name)
                      .put("Type", v.dataType())
                      .put(
                          "Value",
                          v.binaryValue() == null
                              ? v.stringValue()
                              : Base64.getEncoder().encodeToString(v.binaryValue())));
    }
  }

  private static void put(ObjectNode json, String name, @Nullable String value) {
    if (value != null) {
      json.put(name, value);
    }
  }

  // Names and values in lines, in the order of the names.
  private String signedText(Notification n, Subscriber s, boolean confirmation, String time) {
    StringBuilder text = new StringBuilder();
    line(text, "Message", n.body());
    line(text, "MessageId", n.id());
    if (confirmation) {
      line(text, "SubscribeURL", subscribeUrl(s));
    } else if (n.subject() != null) {
      line(text, "Subject", n.subject());
    }
    line(text, "Timestamp", time);
    if (confirmation) {
      line(text, "Token", s.token());
    }
    line(text, "TopicArn", n.topicArn());
    line(text, "Type", n.kind());
    return text.toString();
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append(name).append('\n').append(value).append('\n');
  }
}
