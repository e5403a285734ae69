package dev.freeway.events;

import dev.freeway.events.api.PutEventsRequest;
import dev.freeway.events.api.PutEventsRequestEntry;
import dev.freeway.events.api.PutEventsResponse;
import dev.freeway.events.api.PutEventsResultEntry;
import dev.freeway.platform.Call;
import dev.freeway.platform.Handler;
import dev.freeway.platform.Ids;
import dev.freeway.store.Store;
import dev.freeway.store.Tx;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// PutEvents: each entry succeeds or fails by itself.
final class PutEvents implements Handler<PutEventsRequest, PutEventsResponse> {
  private final Store store;
  private final Buses buses;
  private final Router router;

  PutEvents(Store store, Buses buses, Router router) {
    this.store = store;
    this.buses = buses;
    this.router = router;
  }

  @Override
  public PutEventsResponse handle(Call call, PutEventsRequest in) {
    return store.write(
        tx -> {
          List<PutEventsResultEntry> results = new ArrayList<>();
          in.entries().forEach(e -> results.add(put(tx, call, e)));
          int failed = (int) results.stream().filter(r -> r.errorCode() != null).count();
          return PutEventsResponse.builder().failedEntryCount(failed).entries(results).build();
        });
  }

  private PutEventsResultEntry put(Tx tx, Call call, PutEventsRequestEntry e) {
    if (e.source() == null || e.detailType() == null || e.detail() == null) {
      String missing =
          e.source() == null ? "Source" : e.detailType() == null ? "DetailType" : "Detail";
      return failed(
          "InvalidArgument",
          "Parameter "
              + missing
              + " is not valid. Reason: "
              + missing
              + " is a required argument.");
    }
    if (e.source().startsWith("aws.")) {
      return failed("NotAuthorizedForSourceException", "Not authorized for the source.");
    }
    JsonNode detail;
    try {
      detail = JsonMapper.shared().readTree(e.detail());
    } catch (JacksonException x) {
      return failed("MalformedDetail", "Detail is malformed.");
    }
    if (detail == null || !detail.isObject()) {
      return failed("MalformedDetail", "Detail is malformed.");
    }
    String bus = Buses.nameOf(e.eventBusName());
    String id = Ids.uuid();
    // An event for a bus that does not exist is taken and lost, as on AWS.
    if (buses.exists(tx, call.scope(), bus)) {
      var time = e.time() == null ? call.at() : e.time();
      List<String> resources = e.resources() == null ? List.of() : e.resources();
      router.route(
          tx,
          call.scope(),
          bus,
          Envelope.of(
              id,
              call.account(),
              call.region(),
              time,
              e.source(),
              e.detailType(),
              resources,
              detail));
    }
    return PutEventsResultEntry.builder().eventId(id).build();
  }

  private static PutEventsResultEntry failed(String code, String message) {
    return PutEventsResultEntry.builder().errorCode(code).errorMessage(message).build();
  }
}
