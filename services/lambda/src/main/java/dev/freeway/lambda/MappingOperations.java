package dev.freeway.lambda;

import dev.freeway.lambda.api.CreateEventSourceMappingRequest;
import dev.freeway.lambda.api.DeleteEventSourceMappingRequest;
import dev.freeway.lambda.api.EventSourceMappingConfiguration;
import dev.freeway.lambda.api.Filter;
import dev.freeway.lambda.api.FilterCriteria;
import dev.freeway.lambda.api.GetEventSourceMappingRequest;
import dev.freeway.lambda.api.LambdaErrors;
import dev.freeway.lambda.api.ListEventSourceMappingsRequest;
import dev.freeway.lambda.api.ListEventSourceMappingsResponse;
import dev.freeway.lambda.api.UpdateEventSourceMappingRequest;
import dev.freeway.lambda.uses.sqs.GetQueueAttributesRequest;
import dev.freeway.lambda.uses.sqs.SqsApi;
import dev.freeway.platform.Arn;
import dev.freeway.platform.Call;
import dev.freeway.platform.EventPattern;
import dev.freeway.platform.Ids;
import dev.freeway.platform.Page;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.store.Tx;
import dev.freeway.wire.AwsException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Event source mappings of queues: made, changed, shown, deleted. [QueuePollers] does their work.
record MappingOperations(Platform platform, Functions functions, Mappings mappings) {
  private static final int PAGE = 100;
  private static final int BATCH = 10;
  private static final int MOST_FIFO = 10;
  private static final int MOST = 10_000;
  private static final String ASKED = "USER_INITIATED";

  EventSourceMappingConfiguration create(Call call, CreateEventSourceMappingRequest in) {
    if (in.eventSourceArn() == null) {
      throw FunctionChecks.invalid("Unrecognized event source.");
    }
    Arn source =
        Arn.parse(in.eventSourceArn())
            .filter(a -> a.service().equals("sqs"))
            .orElseThrow(
                () ->
                    FunctionChecks.invalid(
                        "Freeway reads events from SQS queues only, not from "
                            + in.eventSourceArn()));
    FunctionRef ref = FunctionRef.of(call.scope(), in.functionName());
    String uuid = Ids.uuid();
    EventSourceMappingConfiguration config =
        EventSourceMappingConfiguration.builder()
            .uuid(uuid)
            .batchSize(in.batchSize() == null ? BATCH : in.batchSize())
            .maximumBatchingWindowInSeconds(
                in.maximumBatchingWindowInSeconds() == null
                    ? 0
                    : in.maximumBatchingWindowInSeconds())
            .eventSourceArn(in.eventSourceArn())
            .filterCriteria(in.filterCriteria())
            .functionArn(ref.arn())
            .lastModified(call.at())
            .state("Creating")
            .stateTransitionReason(ASKED)
            .functionResponseTypes(
                in.functionResponseTypes() == null ? List.of() : in.functionResponseTypes())
            .scalingConfig(in.scalingConfig())
            .eventSourceMappingArn(call.arn("lambda", "event-source-mapping:" + uuid).toString())
            .build();
    check(config, source);
    StoredVersion version = platform.store().read(tx -> functions.resolve(tx, ref));
    ExecutionRole role = new ExecutionRole(platform);
    for (String action : List.of("ReceiveMessage", "DeleteMessage", "GetQueueAttributes")) {
      role.check(version.scope(), version.config(), action, source);
    }
    visibility(source, version);
    StoredMapping mapping = new StoredMapping(call.account(), call.region(), config, in.tags());
    boolean enabled = !Boolean.FALSE.equals(in.enabled());
    platform
        .store()
        .update(
            tx -> {
              unique(tx, call.scope(), config);
              mappings.save(tx, mapping);
              wake(tx, mapping, enabled ? "Enabled" : "Disabled");
            });
    return config;
  }

  private void unique(Tx tx, Scope scope, EventSourceMappingConfiguration config) {
    for (StoredMapping other : mappings.all(tx, scope)) {
      if (other.config().eventSourceArn().equals(config.eventSourceArn())
          && other.config().functionArn().equals(config.functionArn())
          && !other.config().uuid().equals(config.uuid())) {
        throw LambdaErrors.resourceConflictException(
                "An event source mapping with SQS arn (\" %s \") and function (\" %s \") already exists. Please update or delete the existing mapping with UUID %s"
                    .formatted(
                        config.eventSourceArn(),
                        FunctionRef.of(scope, config.functionArn()).name(),
                        other.config().uuid()))
            .with("Type", "User");
      }
    }
  }

  private void wake(Tx tx, StoredMapping m, String to) {
    platform.flow().wake(tx, MappingReconciler.KIND, m.scope().key(m.config().uuid(), to));
  }

  private static void check(EventSourceMappingConfiguration c, Arn queue) {
    boolean fifo = queue.resource().endsWith(".fifo");
    int window =
        c.maximumBatchingWindowInSeconds() == null ? 0 : c.maximumBatchingWindowInSeconds();
    if (fifo && window > 0) {
      throw FunctionChecks.invalid(
          "Batching window is not supported for FIFO queues in event source mappings");
    }
    if (c.batchSize() > (fifo ? MOST_FIFO : MOST)) {
      throw FunctionChecks.invalid(
          "Batch size must be at most " + (fifo ? MOST_FIFO : MOST) + " for this event source");
    }
    if (c.batchSize() > BATCH && window < 1) {
      throw FunctionChecks.invalid(
          "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10");
    }
    filters(c.filterCriteria());
  }

  private static void filters(@Nullable FilterCriteria criteria) {
    if (criteria == null || criteria.filters() == null) {
      return;
    }
    for (Filter f : criteria.filters()) {
      try {
        EventPattern.parse(f.pattern());
      } catch (IllegalArgumentException e) {
        throw FunctionChecks.invalid("Invalid filter pattern definition. " + e.getMessage());
      }
    }
  }

  private void visibility(Arn queue, StoredVersion v) {
    int seconds;
    try {
      seconds =
          Integer.parseInt(
              platform
                  .clients()
                  .call(
                      platform.background(new Scope(queue.account(), queue.region()), "lambda"),
                      SqsApi.GET_QUEUE_ATTRIBUTES,
                      GetQueueAttributesRequest.builder()
                          .queueUrl(url(platform, queue))
                          .attributeNames(List.of("VisibilityTimeout"))
                          .build())
                  .attributes()
                  .get("VisibilityTimeout"));
    } catch (AwsException e) {
      throw FunctionChecks.invalid(
          "Error occurred while ReceiveMessage. SQS Error Code: "
              + e.code()
              + ". SQS Error Message: "
              + e.message());
    }
    if (seconds < v.config().timeout()) {
      throw FunctionChecks.invalid(
          "Queue visibility timeout: %d seconds is less than Function timeout: %d seconds"
              .formatted(seconds, v.config().timeout()));
    }
  }

  static String url(Platform platform, Arn queue) {
    return platform.settings().endpoint() + "/" + queue.account() + "/" + queue.resource();
  }

  EventSourceMappingConfiguration update(Call call, UpdateEventSourceMappingRequest in) {
    return platform
        .store()
        .write(
            tx -> {
              StoredMapping was = mappings.get(tx, call.scope(), in.uuid());
              settled(was);
              EventSourceMappingConfiguration.Builder b =
                  was.config().toBuilder().lastModified(call.at()).stateTransitionReason(ASKED);
              if (in.functionName() != null) {
                FunctionRef ref = FunctionRef.of(call.scope(), in.functionName());
                functions.resolve(tx, ref);
                b.functionArn(ref.arn());
              }
              if (in.batchSize() != null) {
                b.batchSize(in.batchSize());
              }
              if (in.maximumBatchingWindowInSeconds() != null) {
                b.maximumBatchingWindowInSeconds(in.maximumBatchingWindowInSeconds());
              }
              if (in.filterCriteria() != null) {
                boolean none =
                    in.filterCriteria().filters() == null
                        || in.filterCriteria().filters().isEmpty();
                b.filterCriteria(none ? null : in.filterCriteria());
              }
              if (in.functionResponseTypes() != null) {
                b.functionResponseTypes(in.functionResponseTypes());
              }
              if (in.scalingConfig() != null) {
                b.scalingConfig(
                    in.scalingConfig().maximumConcurrency() == null ? null : in.scalingConfig());
              }
              boolean enabled = in.enabled() == null ? was.is("Enabled") : in.enabled();
              String moving =
                  enabled == was.is("Enabled") ? "Updating" : enabled ? "Enabling" : "Disabling";
              StoredMapping now = was.with(b.state(moving).build());
              check(now.config(), now.source());
              unique(tx, call.scope(), now.config());
              mappings.save(tx, now);
              wake(tx, now, enabled ? "Enabled" : "Disabled");
              return now.config();
            });
  }

  private static void settled(StoredMapping m) {
    if (!m.is("Enabled") && !m.is("Disabled")) {
      throw LambdaErrors.resourceInUseException(
              "Cannot update the event source mapping because it is in use.")
          .with("Type", "User");
    }
  }

  EventSourceMappingConfiguration get(Call call, GetEventSourceMappingRequest in) {
    return platform.store().read(tx -> mappings.get(tx, call.scope(), in.uuid())).config();
  }

  EventSourceMappingConfiguration delete(Call call, DeleteEventSourceMappingRequest in) {
    return platform
        .store()
        .write(
            tx -> {
              StoredMapping was = mappings.get(tx, call.scope(), in.uuid());
              StoredMapping now = was.with(was.config().toBuilder().state("Deleting").build());
              mappings.save(tx, now);
              wake(tx, now, "Deleted");
              return now.config();
            });
  }

  ListEventSourceMappingsResponse list(Call call, ListEventSourceMappingsRequest in) {
    String function =
        in.functionName() == null ? null : FunctionRef.of(call.scope(), in.functionName()).arn();
    List<EventSourceMappingConfiguration> all =
        platform.store().read(tx -> mappings.all(tx, call.scope())).stream()
            .map(StoredMapping::config)
            .filter(
                c -> in.eventSourceArn() == null || c.eventSourceArn().equals(in.eventSourceArn()))
            .filter(c -> function == null || c.functionArn().equals(function))
            .toList();
    Page<EventSourceMappingConfiguration> page =
        Page.of(
            all,
            EventSourceMappingConfiguration::uuid,
            in.marker(),
            in.maxItems(),
            PAGE,
            ReadFunctions.badMarker());
    return new ListEventSourceMappingsResponse(page.nextToken(), page.items());
  }
}
