package dev.freeway.iam;

import dev.freeway.platform.Arn;
import dev.freeway.platform.Call;
import dev.freeway.platform.Peer;
import dev.freeway.platform.policy.Access;
import dev.freeway.platform.policy.Caller;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The global condition keys of every request.
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
final class PrincipalKeys {
  /// Those that get by with the policy a topic has by default, which asks whose resource acts. All
  /// others are to be named in the topic's policy.
  /// https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
  private static final Set<String> FOR_THE_OWNER =
      Set.of("cloudwatch.amazonaws.com", "codecommit.amazonaws.com");

  private PrincipalKeys() {}

  static Access add(Call call, Access access, Optional<Entity> holder) {
    Caller caller = access.caller();
    Map<String, List<String>> keys = new HashMap<>(access.keys());
    put(keys, "aws:PrincipalType", type(caller));
    put(keys, "aws:RequestedRegion", call.region());
    put(keys, "aws:CurrentTime", call.at().toString());
    put(keys, "aws:EpochTime", Long.toString(call.at().getEpochSecond()));
    // What reaches Freeway does so over loopback, or over a network its owner opened to it:
    // policies
    // that insist on TLS are not meant for that.
    put(keys, "aws:SecureTransport", "true");
    if (call.peer() != null) {
      peer(keys, call.peer());
    }
    if (caller.kind() == Caller.Kind.SERVICE) {
      source(keys, call);
      put(keys, "aws:PrincipalServiceName", caller.arn());
      put(keys, "aws:PrincipalIsAWSService", "true");
    } else if (caller.kind() != Caller.Kind.ANONYMOUS) {
      put(keys, "aws:PrincipalAccount", caller.account());
      put(keys, "aws:userid", call.principal().userId());
      put(keys, "aws:PrincipalIsAWSService", "false");
      put(keys, "aws:PrincipalArn", holder.map(e -> e.arn(caller.account())).orElse(caller.arn()));
      caller.user().ifPresent(name -> put(keys, "aws:username", name));
      holder.ifPresent(e -> e.tags().forEach((k, v) -> put(keys, "aws:PrincipalTag/" + k, v)));
    }
    return new Access(caller, access.action(), access.resource(), keys);
  }

  private static void peer(Map<String, List<String>> keys, Peer peer) {
    put(keys, "aws:SourceIp", peer.address());
    if (peer.userAgent() != null) {
      put(keys, "aws:UserAgent", peer.userAgent());
    }
    if (peer.referer() != null) {
      put(keys, "aws:Referer", peer.referer());
    }
  }

  /// A service tells which of its resources makes it act as the user id of its principal.
  private static void source(Map<String, List<String>> keys, Call call) {
    Optional<Arn> source = Arn.parse(call.principal().userId());
    source.ifPresent(arn -> put(keys, "aws:SourceArn", arn.toString()));
    String account =
        source.map(Arn::account).filter(a -> !a.isEmpty()).orElse(call.principal().account());
    put(keys, "aws:SourceAccount", account);
    if (FOR_THE_OWNER.contains(call.principal().arn())) {
      put(keys, "aws:SourceOwner", account);
    }
  }

  private static String type(Caller caller) {
    return switch (caller.kind()) {
      case ROOT -> "Account";
      case USER -> "User";
      case SESSION -> "AssumedRole";
      case SERVICE -> "Service";
      case ANONYMOUS -> "Anonymous";
    };
  }

  private static void put(Map<String, List<String>> keys, String key, String value) {
    keys.put(key, List.of(value));
  }
}
