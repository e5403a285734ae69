package dev.freeway.sqs;

import dev.freeway.sqs.api.MessageAttributeValue;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Message attributes: what is allowed, their size and their digest as SQS defines it (developer
/// guide, "Calculating the MD5 message digest for message attributes").
final class MessageAttributes {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,256}");
  private static final int MOST = 10;

  private MessageAttributes() {}

  static Map<String, MessageAttributeValue> checked(
      @Nullable Map<String, MessageAttributeValue> given) {
    if (given == null) {
      return Map.of();
    }
    if (given.size() > MOST) {
      throw invalid(
          "Number of message attributes [" + given.size() + "] exceeds the allowed maximum [10].");
    }
    given.forEach(MessageAttributes::check);
    return given;
  }

  private static void check(String name, MessageAttributeValue value) {
    String lower = name.toLowerCase(java.util.Locale.ROOT);
    if (!NAME.matcher(name).matches()
        || name.startsWith(".")
        || name.endsWith(".")
        || name.contains("..")
        || lower.startsWith("aws.")
        || lower.startsWith("amazon.")) {
      throw invalid(
          "The message attribute name '"
              + name
              + "' is invalid. Attribute name can contain A-Z, a-z, 0-9, underscore (_), hyphen (-), and period (.) characters, must not start or end with a period, and must not start with AWS. or Amazon.");
    }
    String type = value.dataType() == null ? "" : value.dataType().split("\\.", 2)[0];
    if (!List.of("String", "Number", "Binary").contains(type)) {
      throw invalid(
          "The message attribute '"
              + name
              + "' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.");
    }
    boolean present =
        type.equals("Binary")
            ? value.binaryValue() != null && value.binaryValue().length > 0
            : value.stringValue() != null && !value.stringValue().isEmpty();
    if (!present) {
      throw invalid(
          "The message attribute '"
              + name
              + "' must contain non-empty message attribute value for message attribute type '"
              + type
              + "'.");
    }
    if (type.equals("Number")
        && !value.stringValue().trim().matches("[-+]?[0-9]*\\.?[0-9]+([eE][-+]?[0-9]+)?")) {
      throw invalid("Can't cast the value of message (user) attribute '" + name + "' to a number.");
    }
  }

  private static dev.freeway.wire.AwsException invalid(String message) {
    return dev.freeway.wire.AwsException.client("InvalidParameterValue", message);
  }

  static int size(Map<String, MessageAttributeValue> attributes) {
    int size = 0;
    for (Map.Entry<String, MessageAttributeValue> e : attributes.entrySet()) {
      size += bytes(e.getKey()).length + bytes(e.getValue().dataType()).length;
      size += value(e.getValue()).length;
    }
    return size;
  }

  /// Null when there are none.
  static @Nullable String md5(Map<String, MessageAttributeValue> attributes) {
    if (attributes.isEmpty()) {
      return null;
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    new TreeMap<>(attributes)
        .forEach(
            (name, v) -> {
              part(all, bytes(name));
              part(all, bytes(v.dataType()));
              all.write(v.dataType().startsWith("Binary") ? 2 : 1);
              part(all, value(v));
            });
    return md5(all.toByteArray());
  }

  static String md5(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] value(MessageAttributeValue v) {
    return v.dataType().startsWith("Binary") ? v.binaryValue() : bytes(v.stringValue());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void part(ByteArrayOutputStream out, byte[] bytes) {
    out.writeBytes(ByteBuffer.allocate(4).putInt(bytes.length).array());
    out.writeBytes(bytes);
  }
}
