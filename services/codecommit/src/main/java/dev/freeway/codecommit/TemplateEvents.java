package dev.freeway.codecommit;

import dev.freeway.platform.Call;
import dev.freeway.platform.Event;
import dev.freeway.platform.EventBus;
import dev.freeway.store.Tx;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Tells the world of approval rule templates.
final class TemplateEvents {
  private final EventBus bus;

  TemplateEvents(EventBus bus) {
    this.bus = bus;
  }

  /// @param what Created, Updated or Deleted
  void changed(Tx tx, Call call, RuleTemplate t, String what) {
    String verb = what.toLowerCase(Locale.ROOT);
    String more =
        "An approval rule template with the following name has been %s: %s. The ID of the %s template is: %s."
            .formatted(verb, t.name(), verb, t.id());
    publish(tx, call, t, "approvalRuleTemplate" + what, more, List.of());
  }

  /// @param event as CodeCommit names it
  /// @param verb such as `associated with`
  void linked(Tx tx, Call call, RuleTemplate t, String event, String verb, List<Repository> all) {
    List<String> names = all.stream().map(Repository::name).toList();
    String more =
        "An approval rule template has been %s the following repository: %s."
            .formatted(verb, names);
    publish(tx, call, t, event, more, all);
  }

  private void publish(
      Tx tx, Call call, RuleTemplate t, String event, String more, List<Repository> all) {
    Map<String, Object> names = new LinkedHashMap<>();
    all.forEach(r -> names.put(r.name(), r.id()));
    Map<String, Object> detail = new LinkedHashMap<>();
    detail.put("approvalRuleTemplateContentSha256", Rule.sha256(t.content()));
    detail.put("approvalRuleTemplateId", t.id());
    detail.put("approvalRuleTemplateName", t.name());
    detail.put("callerUserArn", call.principal().arn());
    detail.put("creationDate", PullEvents.date(t.created()));
    detail.put("event", event);
    detail.put("lastModifiedDate", PullEvents.date(t.modified()));
    detail.put(
        "notificationBody",
        "A approval rule template event occurred in the following AWS CodeCommit account: %s. User: %s. Additional information: %s"
            .formatted(call.account(), call.principal().arn(), more));
    detail.put("repositories", names);
    bus.publish(
        tx,
        Event.of(
            call.scope(),
            call.at(),
            "aws.codecommit",
            "CodeCommit Approval Rule Template Change",
            all.stream().map(Repository::arn).toList(),
            detail));
  }
}
