package dev.freeway.elbv2;

import dev.freeway.elbv2.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Ids;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Store;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Target groups: made, described, changed, deleted.
final class TargetGroups {
  private final Store store;
  private final State state;
  private final DataPlane plane;
  private final Networks networks;

  TargetGroups(Store store, State state, DataPlane plane, Networks networks) {
    this.store = store;
    this.state = state;
    this.plane = plane;
    this.networks = networks;
  }

  CreateTargetGroupOutput create(Call call, CreateTargetGroupInput in) {
    Names.check("target group", in.name());
    TargetGroup api =
        HealthChecks.fresh(in, State.arn(call, "targetgroup/" + in.name() + "/" + Ids.hex(16)));
    if (!api.targetType().equals("lambda")) {
      if (in.vpcId() == null) {
        throw Attributes.invalid("A VPC ID must be specified");
      }
      networks.checkVpc(call, in.vpcId());
    }
    Group fresh = new Group(api, Map.of(), Names.tags(Map.of(), in.tags()), List.of());
    Group made =
        plane.changeGroup(
            api.targetGroupArn(),
            tx -> {
              for (Group g : state.groups(tx, call)) {
                if (g.api().targetGroupName().equals(in.name())) {
                  boolean same =
                      g.api().toBuilder().targetGroupArn(fresh.arn()).build().equals(api)
                          && g.tags().equals(fresh.tags());
                  if (same) {
                    return g;
                  }
                  throw Elbv2Errors.duplicateTargetGroupNameException(
                      "A target group with the same name '"
                          + in.name()
                          + "' exists, but with different settings");
                }
              }
              state.put(tx, fresh);
              return fresh;
            });
    return CreateTargetGroupOutput.builder()
        .targetGroups(List.of(made.api().toBuilder().loadBalancerArns(List.of()).build()))
        .build();
  }

  ModifyTargetGroupOutput modify(Call call, ModifyTargetGroupInput in) {
    TargetGroup changed =
        plane.changeGroup(
            in.targetGroupArn(),
            tx -> {
              Group g = state.group(tx, call, in.targetGroupArn());
              TargetGroup api = HealthChecks.changed(g.api(), in);
              state.put(tx, g.with(api));
              return view(tx, call, g.with(api));
            });
    return ModifyTargetGroupOutput.builder().targetGroups(List.of(changed)).build();
  }

  DeleteTargetGroupOutput delete(Call call, DeleteTargetGroupInput in) {
    plane.changeGroup(
        in.targetGroupArn(),
        tx -> {
          if (!state.balancersOf(tx, call, in.targetGroupArn()).isEmpty()) {
            throw Elbv2Errors.resourceInUseException(
                "Target group '"
                    + in.targetGroupArn()
                    + "' is currently in use by a listener or a rule");
          }
          return in.targetGroupArn().startsWith(State.arn(call, "targetgroup/"))
              && tx.delete(State.GROUPS, in.targetGroupArn());
        });
    return DeleteTargetGroupOutput.builder().build();
  }

  DescribeTargetGroupsOutput describe(Call call, DescribeTargetGroupsInput in) {
    List<TargetGroup> found =
        store.read(
            tx ->
                named(tx, call, in).stream()
                    .map(g -> view(tx, call, g))
                    .sorted(Comparator.comparing(TargetGroup::targetGroupArn))
                    .toList());
    var page = Names.page(found, TargetGroup::targetGroupArn, in.marker(), in.pageSize());
    return DescribeTargetGroupsOutput.builder()
        .targetGroups(page.items())
        .nextMarker(page.nextToken())
        .build();
  }

  private List<Group> named(ReadTx tx, Call call, DescribeTargetGroupsInput in) {
    if (in.targetGroupArns() != null && !in.targetGroupArns().isEmpty()) {
      return in.targetGroupArns().stream().distinct().map(a -> state.group(tx, call, a)).toList();
    }
    List<Group> all = state.groups(tx, call);
    if (in.names() != null && !in.names().isEmpty()) {
      for (String name : in.names()) {
        if (all.stream().noneMatch(g -> g.api().targetGroupName().equals(name))) {
          throw Elbv2Errors.targetGroupNotFoundException("One or more target groups not found");
        }
      }
      return all.stream().filter(g -> in.names().contains(g.api().targetGroupName())).toList();
    }
    if (in.loadBalancerArn() != null) {
      var used = state.groupsOf(tx, state.balancer(tx, call, in.loadBalancerArn()).arn());
      return all.stream().filter(g -> used.contains(g.arn())).toList();
    }
    return all;
  }

  private TargetGroup view(ReadTx tx, Call call, Group g) {
    return g.api().toBuilder().loadBalancerArns(state.balancersOf(tx, call, g.arn())).build();
  }

  DescribeTargetGroupAttributesOutput attributes(Call call, DescribeTargetGroupAttributesInput in) {
    Group g = store.read(tx -> state.group(tx, call, in.targetGroupArn()));
    return DescribeTargetGroupAttributesOutput.builder().attributes(attributes(g)).build();
  }

  ModifyTargetGroupAttributesOutput modifyAttributes(
      Call call, ModifyTargetGroupAttributesInput in) {
    Group changed =
        plane.changeGroup(
            in.targetGroupArn(),
            tx -> {
              Group g = state.group(tx, call, in.targetGroupArn());
              Map<String, String> all = new TreeMap<>(g.attributes());
              for (TargetGroupAttribute a : in.attributes()) {
                String value = a.value() == null ? "" : a.value();
                Attributes.check(Attributes.ofGroup(g), "Target group", a.key(), value);
                all.put(a.key(), value);
              }
              Group after = g.withAttributes(all);
              checkTogether(after);
              state.put(tx, after);
              return after;
            });
    return ModifyTargetGroupAttributesOutput.builder().attributes(attributes(changed)).build();
  }

  private static void checkTogether(Group g) {
    if (!g.isHttp() || g.isLambda()) {
      return;
    }
    boolean appCookie =
        g.attribute("stickiness.enabled").equals("true")
            && g.attribute("stickiness.type").equals("app_cookie");
    if (appCookie && g.attribute("stickiness.app_cookie.cookie_name").isEmpty()) {
      throw Attributes.invalid(
          "The cookie name must be specified when stickiness type is 'app_cookie'");
    }
    if (g.attribute("load_balancing.algorithm.anomaly_mitigation").equals("on")
        && !g.attribute("load_balancing.algorithm.type").equals("weighted_random")) {
      throw Elbv2Errors.invalidConfigurationRequestException(
          "Anomaly mitigation is supported with the weighted random algorithm only");
    }
    int slow = Integer.parseInt(g.attribute("slow_start.duration_seconds"));
    if (slow != 0 && slow < 30) {
      throw Attributes.invalid("The slow start duration must be 0 or between 30 and 900 seconds");
    }
    if (slow != 0
        && g.attribute("load_balancing.algorithm.type").equals("least_outstanding_requests")) {
      throw Elbv2Errors.invalidConfigurationRequestException(
          "Slow start is not supported with the least outstanding requests algorithm");
    }
    if (slow != 0 && g.attribute("load_balancing.algorithm.type").equals("weighted_random")) {
      throw Elbv2Errors.invalidConfigurationRequestException(
          "Slow start is not supported with the weighted random algorithm");
    }
  }

  private static List<TargetGroupAttribute> attributes(Group g) {
    return Attributes.merged(Attributes.ofGroup(g), g.attributes()).entrySet().stream()
        .map(e -> new TargetGroupAttribute(e.getKey(), e.getValue()))
        .toList();
  }
}
