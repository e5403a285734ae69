package dev.freeway.platform;

import java.util.Optional;

/// An Amazon Resource Name: `arn:aws:ssm:us-east-1:000000000000:parameter/x`. Region and account
/// may be empty.
public record Arn(
    String partition, String service, String region, String account, String resource) {
  public static Arn of(String service, String region, String account, String resource) {
    return new Arn("aws", service, region, account, resource);
  }

  /// The ARN in this text; empty when it is none.
  public static Optional<Arn> parse(String text) {
    String[] p = text.split(":", 6);
    if (p.length < 6 || !p[0].equals("arn") || p[1].isEmpty() || p[2].isEmpty() || p[5].isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new Arn(p[1], p[2], p[3], p[4], p[5]));
  }

  /// What follows the last slash or colon of the resource.
  public String name() {
    return resource.substring(Math.max(resource.lastIndexOf('/'), resource.lastIndexOf(':')) + 1);
  }

  @Override
  public String toString() {
    return "arn:" + partition + ":" + service + ":" + region + ":" + account + ":" + resource;
  }
}
