package dev.freeway.events;

import dev.freeway.events.api.*;
import dev.freeway.platform.Arn;
import dev.freeway.platform.Call;
import dev.freeway.platform.EventPattern;
import dev.freeway.platform.Page;
import dev.freeway.store.Store;
import dev.freeway.wire.AwsException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Archives: create, describe, list, update, delete.
final class ArchiveOperations {
  private static final int PAGE = 100;

  private final Store store;
  private final Buses buses;
  private final Archives archives;

  ArchiveOperations(Store store, Buses buses, Archives archives) {
    this.store = store;
    this.buses = buses;
    this.archives = archives;
  }

  CreateArchiveResponse create(Call call, CreateArchiveRequest in) {
    checkPattern(in.eventPattern());
    String bus =
        Arn.parse(in.eventSourceArn())
            .map(Arn::resource)
            .filter(r -> r.startsWith("event-bus/"))
            .map(r -> r.substring("event-bus/".length()))
            .orElseThrow(
                () ->
                    AwsException.client(
                        "ValidationException",
                        "Parameter EventSourceArn is not valid. Must contain an event bus ARN."));
    Archive archive =
        new Archive(
            call.scope(),
            in.archiveName(),
            bus,
            in.description(),
            in.eventPattern(),
            in.kmsKeyIdentifier(),
            in.retentionDays() == null ? 0 : in.retentionDays(),
            0,
            0,
            call.at());
    store.update(
        tx -> {
          buses.require(tx, call.scope(), bus);
          if (archives.find(tx, call.scope(), in.archiveName()).isPresent()) {
            throw EventsErrors.resourceAlreadyExistsException(
                "Archive " + in.archiveName() + " already exists.");
          }
          archives.save(tx, archive);
        });
    return CreateArchiveResponse.builder()
        .archiveArn(archive.arn())
        .state("ENABLED")
        .creationTime(archive.created())
        .build();
  }

  private static void checkPattern(@Nullable String pattern) {
    if (pattern != null) {
      try {
        EventPattern.parse(pattern);
      } catch (IllegalArgumentException e) {
        throw EventsErrors.invalidEventPatternException(
            "Event pattern is not valid. Reason: " + e.getMessage());
      }
    }
  }

  DescribeArchiveResponse describe(Call call, DescribeArchiveRequest in) {
    Archive a = store.read(tx -> archives.require(tx, call.scope(), in.archiveName()));
    return DescribeArchiveResponse.builder()
        .archiveArn(a.arn())
        .archiveName(a.name())
        .eventSourceArn(a.busArn())
        .description(a.description())
        .eventPattern(a.pattern())
        .kmsKeyIdentifier(a.key())
        .state("ENABLED")
        .retentionDays(a.days())
        .sizeBytes(a.bytes())
        .eventCount(a.count())
        .creationTime(a.created())
        .build();
  }

  ListArchivesResponse list(Call call, ListArchivesRequest in) {
    String prefix = in.namePrefix() == null ? "" : in.namePrefix();
    List<Archive> all =
        store.read(tx -> archives.all(tx, call.scope())).stream()
            .filter(a -> a.name().startsWith(prefix))
            .filter(a -> in.eventSourceArn() == null || in.eventSourceArn().equals(a.busArn()))
            .filter(a -> in.state() == null || in.state().equals("ENABLED"))
            .toList();
    var page =
        Page.of(all, Archive::name, in.nextToken(), in.limit(), PAGE, BusOperations.badToken());
    return ListArchivesResponse.builder()
        .archives(
            page.map(
                a ->
                    dev.freeway.events.api.Archive.builder()
                        .archiveName(a.name())
                        .eventSourceArn(a.busArn())
                        .state("ENABLED")
                        .retentionDays(a.days())
                        .sizeBytes(a.bytes())
                        .eventCount(a.count())
                        .creationTime(a.created())
                        .build()))
        .nextToken(page.nextToken())
        .build();
  }

  UpdateArchiveResponse update(Call call, UpdateArchiveRequest in) {
    checkPattern(in.eventPattern());
    Archive changed =
        store.write(
            tx -> {
              Archive a = archives.require(tx, call.scope(), in.archiveName());
              Archive b =
                  new Archive(
                      a.scope(),
                      a.name(),
                      a.bus(),
                      in.description() == null ? a.description() : in.description(),
                      in.eventPattern() == null ? a.pattern() : in.eventPattern(),
                      in.kmsKeyIdentifier() == null ? a.key() : in.kmsKeyIdentifier(),
                      in.retentionDays() == null ? a.days() : in.retentionDays(),
                      a.count(),
                      a.bytes(),
                      a.created());
              archives.save(tx, b);
              return b;
            });
    return UpdateArchiveResponse.builder()
        .archiveArn(changed.arn())
        .state("ENABLED")
        .creationTime(changed.created())
        .build();
  }

  DeleteArchiveResponse delete(Call call, DeleteArchiveRequest in) {
    store.update(tx -> archives.delete(tx, archives.require(tx, call.scope(), in.archiveName())));
    return DeleteArchiveResponse.builder().build();
  }
}
