package dev.freeway.codepipeline;

import dev.freeway.codepipeline.uses.sns.PublishInput;
import dev.freeway.codepipeline.uses.sns.SnsApi;
import dev.freeway.platform.Clients;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// Approval/Manual: tells the topic, where there is one, and waits for PutApprovalResult with the
/// token that GetPipelineState and the notification show.
final class ManualApproval implements ActionProvider {
  private static final Duration LOOK = Duration.ofHours(1);
  private static final int MOST_SUBJECT = 100;
  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm'Z'").withZone(ZoneOffset.UTC);

  private final Clients clients;

  ManualApproval(Clients clients) {
    this.clients = clients;
  }

  @Override
  public String type() {
    return "Approval/Manual";
  }

  @Override
  public List<Permission> permissions(Job job) {
    String topic = job.config("NotificationArn");
    return topic == null ? List.of() : Permission.of(topic, "sns:Publish");
  }

  @Override
  public Progress step(Job job) {
    if (job.config("NotificationArn") != null && !job.run().memo().containsKey("token")) {
      tell(job, job.config("NotificationArn", ""));
    }
    // The run's id is the token: unique, and the same however often this is asked.
    return new Progress.Running(
        Map.of("token", job.run().id()),
        null,
        job.config("ExternalEntityLink"),
        job.config("CustomData"),
        null,
        LOOK);
  }

  private void tell(Job job, String topic) {
    String pipeline = job.pipeline().name();
    String link =
        job.call().endpoint()
            + "/_freeway/console#/codepipeline/pipelines/"
            + pipeline
            + "/"
            + job.run().stage()
            + "/"
            + job.action().name()
            + "/approve/"
            + job.run().id();
    Instant expires = job.run().started().plus(ActionReconciler.timeout(job.action()));
    Map<String, Object> approval = new LinkedHashMap<>();
    approval.put("pipelineName", pipeline);
    approval.put("stageName", job.run().stage());
    approval.put("actionName", job.action().name());
    approval.put("token", job.run().id());
    approval.put("expires", MINUTE.format(expires));
    approval.put("externalEntityLink", job.config("ExternalEntityLink"));
    approval.put("approvalReviewLink", link);
    approval.put("customData", job.config("CustomData"));
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("region", job.pipeline().scope().region());
    message.put("consoleLink", job.call().endpoint() + "/_freeway/console");
    message.put("approval", approval);
    String subject =
        "APPROVAL NEEDED: AWS CodePipeline " + pipeline + " for action " + job.action().name();
    clients.call(
        job.call(),
        SnsApi.PUBLISH,
        PublishInput.builder()
            .topicArn(topic)
            .subject(subject.length() > MOST_SUBJECT ? subject.substring(0, MOST_SUBJECT) : subject)
            .message(JsonMapper.shared().writeValueAsString(message))
            .build());
  }
}
