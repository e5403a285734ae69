package dev.freeway.logs;

import dev.freeway.flow.Outcome;
import dev.freeway.flow.Reconciler;
import dev.freeway.logs.Chunk.Line;
import dev.freeway.logs.api.*;
import dev.freeway.logs.uses.s3.HeadBucketRequest;
import dev.freeway.logs.uses.s3.PutObjectRequest;
import dev.freeway.logs.uses.s3.S3Api;
import dev.freeway.platform.Call;
import dev.freeway.platform.Ids;
import dev.freeway.platform.Page;
import dev.freeway.platform.Platform;
import dev.freeway.store.Key;
import dev.freeway.store.Row;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.Body;
import dev.freeway.wire.Structure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

/// Exports to S3: asked for, seen, cancelled, done. A stream's events become one gzipped file,
/// `PREFIX/TASK/STREAM/000000.gz`, a line each with its time; slashes in stream names are dashes.
/// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/S3ExportTasksCLI.html
final class Exports implements Reconciler {
  private static final String KIND = "logs.export";
  private static final int PAGE = 50;
  private static final Table<Export> TABLE = new Table<>("logs_exports", Export.class);

  private final Platform platform;
  private final LogGroups groups;
  private final LogStreams streams;

  Exports(Platform platform, LogGroups groups, LogStreams streams) {
    this.platform = platform;
    this.groups = groups;
    this.streams = streams;
  }

  CreateExportTaskResponse create(Call call, CreateExportTaskRequest in) {
    if (in.from() >= in.to()) {
      throw LogsErrors.invalidParameterException("The from time must be before the to time.");
    }
    try {
      platform
          .clients()
          .call(
              call,
              S3Api.HEAD_BUCKET,
              HeadBucketRequest.builder().bucket(in.destination()).build());
    } catch (AwsException e) {
      throw LogsErrors.invalidParameterException(
          "The given bucket does not exist. Please create the specified bucket.");
    }
    Export task =
        new Export(
            call.scope(),
            Ids.uuid(),
            in.taskName(),
            in.logGroupName(),
            in.logStreamNamePrefix(),
            in.from(),
            in.to(),
            in.destination(),
            in.destinationPrefix() == null ? "exportedlogs" : in.destinationPrefix(),
            "PENDING",
            null,
            call.at().toEpochMilli(),
            null);
    platform
        .store()
        .update(
            tx -> {
              Group group = groups.require(tx, call.scope(), in.logGroupName());
              if (in.logStreamNamePrefix() != null
                  && streams.startingWith(tx, group, in.logStreamNamePrefix()).isEmpty()) {
                throw LogsErrors.resourceNotFoundException("The log stream does not exist.");
              }
              // One at a time in an account and region, as on AWS.
              if (all(tx, call).stream().anyMatch(e -> !e.over())) {
                throw LogsErrors.limitExceededException("Resource limit exceeded.");
              }
              tx.put(TABLE, task.row(), task);
              platform.flow().wake(tx, KIND, task.row());
            });
    return CreateExportTaskResponse.builder().taskId(task.id()).build();
  }

  private static List<Export> all(dev.freeway.store.ReadTx tx, Call call) {
    return tx.scan(TABLE, Key.prefix(call.account(), call.region())).stream()
        .map(Row::value)
        .toList();
  }

  DescribeExportTasksResponse describe(Call call, DescribeExportTasksRequest in) {
    List<Export> found =
        platform.store().read(tx -> all(tx, call)).stream()
            .filter(e -> in.taskId() == null || in.taskId().equals(e.id()))
            .filter(e -> in.statusCode() == null || in.statusCode().equals(e.code()))
            .sorted(Comparator.comparing(Export::id))
            .toList();
    var page =
        Page.of(found, Export::id, in.nextToken(), in.limit(), PAGE, GroupOperations.badToken());
    return DescribeExportTasksResponse.builder()
        .exportTasks(page.map(Exports::view))
        .nextToken(page.nextToken())
        .build();
  }

  private static ExportTask view(Export e) {
    return ExportTask.builder()
        .taskId(e.id())
        .taskName(e.name())
        .logGroupName(e.group())
        .from(e.from())
        .to(e.to())
        .destination(e.bucket())
        .destinationPrefix(e.prefix())
        .status(new ExportTaskStatus(e.code(), e.message()))
        .executionInfo(new ExportTaskExecutionInfo(e.created(), e.completed()))
        .build();
  }

  Structure.Empty cancel(Call call, CancelExportTaskRequest in) {
    platform
        .store()
        .update(
            tx -> {
              Export e =
                  tx.get(TABLE, call.key(in.taskId()))
                      .orElseThrow(
                          () ->
                              LogsErrors.resourceNotFoundException(
                                  "The specified export task does not exist."));
              if (e.over()) {
                throw LogsErrors.invalidOperationException(
                    "The specified export task has already finished");
              }
              save(tx, e.over("CANCELLED", null, call.at().toEpochMilli()));
            });
    return new Structure.Empty();
  }

  private static void save(Tx tx, Export e) {
    tx.put(TABLE, e.row(), e);
  }

  @Override
  public String kind() {
    return KIND;
  }

  /// From the start again after a crash: the files have the same names and content.
  @Override
  public Outcome reconcile(String key) throws IOException {
    Optional<Export> found = platform.store().read(tx -> tx.get(TABLE, key));
    if (found.isEmpty() || found.get().over()) {
      return Outcome.done();
    }
    Export e = found.get();
    end(e, e.running());
    String message = null;
    try {
      write(e);
    } catch (AwsException x) {
      if (x.serverFault()) {
        return Outcome.failed(x);
      }
      message = x.message();
    }
    long now = platform.clock().instant().toEpochMilli();
    end(
        e,
        message == null
            ? e.over("COMPLETED", "Completed successfully", now)
            : e.over("FAILED", message, now));
    return Outcome.done();
  }

  /// Unless it was cancelled meanwhile.
  private void end(Export before, Export after) {
    platform
        .store()
        .update(
            tx -> {
              if (tx.get(TABLE, before.row()).filter(e -> !e.over()).isPresent()) {
                save(tx, after);
              }
            });
  }

  private void write(Export e) throws IOException {
    Optional<Group> group = platform.store().read(tx -> groups.find(tx, e.scope(), e.group()));
    if (group.isEmpty()) {
      throw LogsErrors.resourceNotFoundException("The specified log group does not exist.");
    }
    String base = e.prefix().isEmpty() ? "" : e.prefix() + "/";
    put(
        e,
        base + "aws-logs-write-test",
        "Permission Check Successful".getBytes(StandardCharsets.UTF_8));
    String prefix = e.streamPrefix() == null ? "" : e.streamPrefix();
    for (Stream stream :
        platform.store().read(tx -> streams.startingWith(tx, group.get(), prefix))) {
      byte[] file = file(e, group.get(), stream);
      if (file.length > 0) {
        String name = stream.name().replace('/', '-');
        put(e, base + e.id() + "/" + name + "/000000.gz", file);
      }
    }
  }

  /// Empty when the stream has no event of the span.
  private byte[] file(Export e, Group group, Stream stream) throws IOException {
    List<Line> lines = new ArrayList<>();
    for (Row<Chunk> row : platform.store().read(tx -> streams.chunks(tx, group, stream.name()))) {
      for (Line line : row.value().lines()) {
        if (line.at() >= e.from() && line.at() < e.to()) {
          lines.add(line);
        }
      }
    }
    if (lines.isEmpty()) {
      return new byte[0];
    }
    lines.sort(Comparator.comparing(Line::at));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      for (Line line : lines) {
        String at = Instant.ofEpochMilli(line.at()).toString();
        String time = at.length() == 20 ? at.replace("Z", ".000Z") : at;
        out.write((time + " " + line.text() + "\n").getBytes(StandardCharsets.UTF_8));
      }
    }
    return bytes.toByteArray();
  }

  private void put(Export e, String key, byte[] bytes) {
    platform
        .clients()
        .call(
            platform.background(e.scope(), "logs"),
            S3Api.PUT_OBJECT,
            PutObjectRequest.builder()
                .bucket(e.bucket())
                .key(key)
                .contentLength((long) bytes.length)
                .body(Body.of(bytes))
                .build());
  }
}
