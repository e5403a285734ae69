package dev.freeway.platform;

import dev.freeway.platform.policy.Access;
import dev.freeway.platform.policy.Caller;
import dev.freeway.wire.Structure;
import dev.freeway.wire.model.ListShape;
import dev.freeway.wire.model.MapShape;
import dev.freeway.wire.model.Member;
import dev.freeway.wire.model.OperationModel;
import dev.freeway.wire.model.ServiceInfo;
import dev.freeway.wire.model.StructureShape;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a service's operations are to policies: action, resources, condition keys. Read from the
/// service's `access.txt`, one rule a line, the first that fits counts:
///
/// ```
/// prefix elasticloadbalancing            the actions' prefix, if not the signing name
/// op HeadObject GetObject: arn:aws:s3:::{Bucket}/{Key} as GetObject
/// member repositoryName: {repositoryName}
/// key sts:ExternalId ExternalId           a condition key from a member
/// key codecommit:References branchName refs/heads/ in PutFile   with what it begins, of some operations
/// pass serviceRole codebuild.amazonaws.com
/// ```
///
/// A resource is an ARN, or what follows `arn:aws:PREFIX:REGION:ACCOUNT:`; `{A}` stands for a
/// member of the input, `{A.B}` for one inside (of each, if A is a list), `{A/}` for what follows
/// its last slash, `@` for the account. A value that is an ARN is taken whole. An operation that no
/// rule fits is about `*`.
///
/// Sources: the tables "Actions, resources, and condition keys for AWS services" of the Service
/// Authorization Reference.
public final class AccessRules {
  private static final Pattern SLOT = Pattern.compile("\\{([A-Za-z.]+)(/?)}");
  private static final AccessRules NONE = new AccessRules();

  private record ResourceRule(String resource, @Nullable String action) {}

  private record Pass(String member, String service) {}

  /// @param start what the value begins with, added where it does not
  /// @param operations the only ones that have the key; all where there are none
  private record KeyRule(String key, String member, String start, Set<String> operations) {
    static KeyRule of(String[] words) {
      List<String> rest = List.of(words).subList(3, words.length);
      int in = rest.indexOf("in");
      String start = rest.isEmpty() || in == 0 ? "" : rest.getFirst();
      return new KeyRule(
          words[1],
          words[2],
          start,
          in < 0 ? Set.of() : Set.copyOf(rest.subList(in + 1, rest.size())));
    }

    boolean fits(String operation) {
      return operations.isEmpty() || operations.contains(operation);
    }

    String whole(String value) {
      return value.startsWith(start) ? value : start + value;
    }
  }

  private final Map<String, ResourceRule> operations = new HashMap<>();
  private final Map<String, String> members = new LinkedHashMap<>();
  private final List<KeyRule> keys = new ArrayList<>();
  private final List<Pass> passes = new ArrayList<>();
  private @Nullable String prefix;

  private AccessRules() {}

  /// Those beside the service's class; a service without the file has none.
  static AccessRules of(Class<?> service) {
    try (InputStream in = service.getResourceAsStream("access.txt")) {
      return in == null ? NONE : parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static AccessRules parse(String text) {
    AccessRules rules = new AccessRules();
    for (String line : text.lines().map(String::strip).toList()) {
      if (!line.isEmpty() && !line.startsWith("#")) {
        rules.add(line);
      }
    }
    return rules;
  }

  private void add(String line) {
    String[] words = line.split("\\s+");
    switch (words[0]) {
      case "prefix" -> prefix = words[1];
      case "key" -> keys.add(KeyRule.of(words));
      case "pass" -> passes.add(new Pass(words[1], words[2]));
      case "op", "member" -> {
        int colon = line.indexOf(": ");
        String[] names = line.substring(words[0].length(), colon).strip().split("\\s+");
        String[] rest = line.substring(colon + 2).strip().split("\\s+as\\s+");
        for (String name : names) {
          if (words[0].equals("op")) {
            operations.put(name, new ResourceRule(rest[0], rest.length > 1 ? rest[1] : null));
          } else {
            members.putIfAbsent(name, rest[0]);
          }
        }
      }
      default -> throw new IllegalArgumentException("no rule: " + line);
    }
  }

  /// What actions start with, and what stands in ARNs.
  public String prefix(ServiceInfo service) {
    return prefix == null ? service.signingName() : prefix;
  }

  /// Everything a call needs permission for: its action on each of its resources, and to pass the
  /// roles it names.
  public List<Access> of(
      Call call, Caller caller, Service service, OperationModel operation, Structure input) {
    String named = prefix(service.info());
    ResourceRule rule = operations.get(operation.name());
    String action = rule == null || rule.action() == null ? operation.name() : rule.action();
    Map<String, List<String>> context = context(operation, input);
    List<Access> all = new ArrayList<>();
    for (String resource : resources(call, named, operation.input(), input, rule)) {
      all.add(new Access(caller, named + ":" + action, resource, context));
    }
    for (Pass pass : passes) {
      for (String role : values(operation.input(), input, pass.member())) {
        if (role.startsWith("arn:")) {
          all.add(
              new Access(
                  caller,
                  "iam:PassRole",
                  role,
                  Map.of("iam:PassedToService", List.of(pass.service()))));
        }
      }
    }
    return all;
  }

  private List<String> resources(
      Call call,
      String service,
      StructureShape shape,
      Structure input,
      @Nullable ResourceRule rule) {
    if (rule != null) {
      return fill(call, service, shape, input, rule.resource());
    }
    for (Map.Entry<String, String> member : members.entrySet()) {
      if (!values(shape, input, member.getKey()).isEmpty()) {
        return fill(call, service, shape, input, member.getValue());
      }
    }
    return List.of("*");
  }

  /// A list in a slot makes as many resources.
  private static List<String> fill(
      Call call, String service, StructureShape shape, Structure input, String template) {
    List<String> all = List.of(template);
    Matcher slots = SLOT.matcher(template);
    while (slots.find()) {
      List<String> values = values(shape, input, slots.group(1));
      if (values.isEmpty()) {
        return List.of("*");
      }
      List<String> more = new ArrayList<>();
      for (String text : all) {
        for (String given : values) {
          String value =
              slots.group(2).isEmpty() ? given : given.substring(given.lastIndexOf('/') + 1);
          more.add(value.startsWith("arn:") ? value : text.replace(slots.group(), value));
        }
      }
      all = more;
    }
    return all.stream().map(r -> whole(call, service, r)).toList();
  }

  private static String whole(Call call, String service, String resource) {
    return resource.equals("*") || resource.startsWith("arn:")
        ? resource.replace(":@:", ":" + call.account() + ":")
        : call.arn(service, resource.replace("//", "/")).toString();
  }

  private Map<String, List<String>> context(OperationModel operation, Structure input) {
    Map<String, List<String>> context = new HashMap<>();
    for (KeyRule rule : keys) {
      List<String> values = values(operation.input(), input, rule.member());
      if (rule.fits(operation.name()) && !values.isEmpty()) {
        context.putIfAbsent(rule.key(), values.stream().map(rule::whole).toList());
      }
    }
    tags(operation.input(), input, context);
    return context;
  }

  /// `aws:RequestTag/KEY` and `aws:TagKeys`, from whatever form tags have in this service.
  private static void tags(
      StructureShape shape, Structure input, Map<String, List<String>> context) {
    List<String> tagKeys = new ArrayList<>();
    for (String name : List.of("tags", "Tags")) {
      Member member = shape.member(name);
      Object value = member == null ? null : input.member(member.index());
      if (value instanceof Map<?, ?> map) {
        map.forEach((k, v) -> tag(k.toString(), String.valueOf(v), tagKeys, context));
      } else if (value instanceof List<?> list
          && member != null
          && member.shape() instanceof ListShape l
          && l.element().shape() instanceof StructureShape tag) {
        for (Object one : list) {
          List<String> key =
              values(tag, (Structure) one, tag.member("key") == null ? "Key" : "key");
          List<String> text =
              values(tag, (Structure) one, tag.member("value") == null ? "Value" : "value");
          if (!key.isEmpty()) {
            tag(key.getFirst(), text.isEmpty() ? "" : text.getFirst(), tagKeys, context);
          }
        }
      }
    }
    for (String name : List.of("tagKeys", "TagKeys")) {
      tagKeys.addAll(values(shape, input, name));
    }
    if (!tagKeys.isEmpty()) {
      context.put("aws:TagKeys", tagKeys);
    }
  }

  private static void tag(
      String key, String value, List<String> tagKeys, Map<String, List<String>> context) {
    tagKeys.add(key);
    context.put("aws:RequestTag/" + key, List.of(value));
  }

  /// The texts at a path of members; empty when it is not set or not there.
  private static List<String> values(StructureShape shape, Structure input, String path) {
    int dot = path.indexOf('.');
    Member member = shape.member(dot < 0 ? path : path.substring(0, dot));
    Object value = member == null ? null : input.member(member.index());
    if (value == null || member == null) {
      return List.of();
    }
    if (dot >= 0) {
      String rest = path.substring(dot + 1);
      return switch (member.shape()) {
        case StructureShape inner -> values(inner, (Structure) value, rest);
        case ListShape l when l.element().shape() instanceof StructureShape inner ->
            ((List<?>) value)
                .stream().flatMap(one -> values(inner, (Structure) one, rest).stream()).toList();
        default -> List.of();
      };
    }
    return switch (member.shape()) {
      case ListShape _ -> ((List<?>) value).stream().map(String::valueOf).toList();
      case MapShape _, StructureShape _ -> List.of();
      default -> List.of(value.toString());
    };
  }
}
