package dev.freeway.events;

import dev.freeway.events.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Page;
import dev.freeway.store.Store;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.Structure;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Buses: create, describe, list, delete.
final class BusOperations {
  private static final int PAGE = 100;

  private final Store store;
  private final Buses buses;
  private final Rules rules;

  BusOperations(Store store, Buses buses, Rules rules) {
    this.store = store;
    this.buses = buses;
    this.rules = rules;
  }

  CreateEventBusResponse create(Call call, CreateEventBusRequest in) {
    Map<String, String> tags = new LinkedHashMap<>();
    if (in.tags() != null) {
      in.tags().forEach(t -> tags.put(t.key(), t.value()));
    }
    Bus bus =
        new Bus(
            call.scope(),
            in.name(),
            in.description(),
            call.at(),
            tags,
            call.at(),
            null,
            in.kmsKeyIdentifier(),
            in.deadLetterConfig());
    store.update(
        tx -> {
          if (buses.exists(tx, call.scope(), in.name())) {
            throw EventsErrors.resourceAlreadyExistsException(
                "Event bus " + in.name() + " already exists.");
          }
          buses.save(tx, bus);
        });
    return CreateEventBusResponse.builder()
        .eventBusArn(bus.arn())
        .description(in.description())
        .build();
  }

  DescribeEventBusResponse describe(Call call, DescribeEventBusRequest in) {
    Bus bus = store.read(tx -> buses.require(tx, call.scope(), in.name()));
    return DescribeEventBusResponse.builder()
        .name(bus.name())
        .arn(bus.arn())
        .description(bus.description())
        .kmsKeyIdentifier(bus.key())
        .deadLetterConfig(bus.deadLetters())
        .policy(bus.policy())
        .creationTime(bus.created())
        .lastModifiedTime(bus.changed())
        .build();
  }

  UpdateEventBusResponse update(Call call, UpdateEventBusRequest in) {
    Bus bus =
        store.write(
            tx -> {
              Bus changed =
                  buses
                      .require(tx, call.scope(), in.name())
                      .described(
                          in.description(),
                          in.kmsKeyIdentifier(),
                          in.deadLetterConfig(),
                          call.at());
              buses.save(tx, changed);
              return changed;
            });
    return UpdateEventBusResponse.builder()
        .arn(bus.arn())
        .name(bus.name())
        .description(bus.description())
        .kmsKeyIdentifier(bus.key())
        .deadLetterConfig(bus.deadLetters())
        .build();
  }

  ListEventBusesResponse list(Call call, ListEventBusesRequest in) {
    String prefix = in.namePrefix() == null ? "" : in.namePrefix();
    List<Bus> all =
        store.read(tx -> buses.all(tx, call.scope())).stream()
            .filter(b -> b.name().startsWith(prefix))
            .toList();
    var page = Page.of(all, Bus::name, in.nextToken(), in.limit(), PAGE, badToken());
    return ListEventBusesResponse.builder()
        .eventBuses(
            page.map(
                b ->
                    EventBus.builder()
                        .name(b.name())
                        .arn(b.arn())
                        .description(b.description())
                        .policy(b.policy())
                        .creationTime(b.created())
                        .lastModifiedTime(b.changed())
                        .build()))
        .nextToken(page.nextToken())
        .build();
  }

  Structure.Empty delete(Call call, DeleteEventBusRequest in) {
    if (in.name().equals(Bus.DEFAULT)) {
      throw AwsException.client("ValidationException", "Cannot delete event bus default.");
    }
    store.update(
        tx -> {
          if (!rules.ofBus(tx, call.scope(), in.name()).isEmpty()) {
            throw AwsException.client(
                "ValidationException",
                "Event bus " + in.name() + " has rules that must be deleted first.");
          }
          buses.delete(tx, call.scope(), in.name());
        });
    return new Structure.Empty();
  }

  static AwsException badToken() {
    return AwsException.client("ValidationException", "Provided token is invalid.");
  }
}
