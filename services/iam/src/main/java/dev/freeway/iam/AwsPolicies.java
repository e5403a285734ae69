package dev.freeway.iam;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/// The managed policies that AWS gives every account: names as AWS has them, documents written here
/// from what each is for (`aws-policies.txt`), so that they grant the same kind of thing without
/// being AWS's text.
final class AwsPolicies {
  private static final Instant MADE = Instant.parse("2015-02-06T18:40:58Z");
  private static final String ARN = "arn:aws:iam::aws:policy";
  private static final Map<String, ManagedPolicy> BY_ARN = load();

  private AwsPolicies() {}

  static Optional<ManagedPolicy> find(String arn) {
    return Optional.ofNullable(BY_ARN.get(arn));
  }

  static List<ManagedPolicy> all() {
    return List.copyOf(BY_ARN.values());
  }

  /// What the id of a policy of AWS's is: the same everywhere and always.
  static String id(ManagedPolicy p) {
    return id(p.path() + p.name());
  }

  private static String id(String pathAndName) {
    String letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    StringBuilder id = new StringBuilder("ANPAI");
    byte[] name = pathAndName.getBytes(StandardCharsets.UTF_8);
    for (byte b : UUID.nameUUIDFromBytes(name).toString().getBytes(StandardCharsets.UTF_8)) {
      id.append(b == '-' ? "" : letters.charAt((b * 7 + id.length() * 3) % 32));
    }
    return id.substring(0, 21);
  }

  // A line: path and name, then the actions; with "!", all but these.
  private static Map<String, ManagedPolicy> load() {
    Map<String, ManagedPolicy> all = new TreeMap<>();
    try (InputStream in = AwsPolicies.class.getResourceAsStream("aws-policies.txt")) {
      if (in == null) {
        throw new IllegalStateException("aws-policies.txt is missing");
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      text.lines()
          .filter(l -> !l.isBlank() && !l.startsWith("#"))
          .map(AwsPolicies::policy)
          .forEach(p -> all.put(ARN + p.path() + p.name(), p));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all;
  }

  private static ManagedPolicy policy(String line) {
    String[] words = line.strip().split("\\s+");
    int slash = words[0].lastIndexOf('/');
    List<String> actions = new ArrayList<>();
    for (int i = 1; i < words.length; i++) {
      actions.add("\"" + words[i].replace("!", "") + "\"");
    }
    String document =
        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\""
            + (words[1].startsWith("!") ? "NotAction" : "Action")
            + "\":"
            + (actions.size() == 1 ? actions.getFirst() : "[" + String.join(",", actions) + "]")
            + ",\"Resource\":\"*\"}]}";
    return new ManagedPolicy(
        words[0].substring(slash + 1),
        words[0].substring(0, slash + 1),
        id(words[0]),
        null,
        MADE,
        MADE,
        Map.of(),
        List.of(new ManagedPolicy.Version("v1", document, MADE)),
        1,
        "v1");
  }
}
