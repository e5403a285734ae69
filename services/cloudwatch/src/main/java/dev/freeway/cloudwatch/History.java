package dev.freeway.cloudwatch;

import dev.freeway.cloudwatch.api.AlarmHistoryItem;
import dev.freeway.cloudwatch.api.DescribeAlarmHistoryInput;
import dev.freeway.cloudwatch.api.DescribeAlarmHistoryOutput;
import dev.freeway.platform.Call;
import dev.freeway.platform.Page;
import dev.freeway.platform.Scope;
import dev.freeway.store.Key;
import dev.freeway.store.Row;
import dev.freeway.store.Store;
import dev.freeway.store.Table;
import dev.freeway.store.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// What alarms went through, for 30 days; it outlives them.
final class History {
  static final Duration KEPT = Duration.ofDays(30);
  private static final Table<AlarmHistoryItem> TABLE =
      new Table<>("cloudwatch_history", AlarmHistoryItem.class);
  private static final int PAGE = 100;

  private final Store store;

  History(Store store) {
    this.store = store;
  }

  /// @param kind `ConfigurationUpdate`, `StateUpdate` or `Action`
  void add(Tx tx, StoredAlarm alarm, Instant at, String kind, String summary, String data) {
    String number = Key.number(tx.next("cloudwatch_history"));
    AlarmHistoryItem item =
        AlarmHistoryItem.builder()
            .alarmName(alarm.name())
            .alarmType(alarm.type())
            .timestamp(at)
            .historyItemType(kind)
            .historySummary(cut(summary, 255))
            .historyData(cut(data, 4095))
            .build();
    tx.put(TABLE, alarm.scope().key(Key.number(at.toEpochMilli()), number), item);
  }

  private static String cut(String text, int length) {
    return text.length() > length ? text.substring(0, length) : text;
  }

  DescribeAlarmHistoryOutput describe(Call call, DescribeAlarmHistoryInput in) {
    boolean ascending = "TimestampAscending".equals(in.scanBy());
    List<Row<AlarmHistoryItem>> rows =
        store.read(tx -> tx.scan(TABLE, prefix(call.scope()))).stream()
            .filter(r -> matches(r.value(), in))
            .toList();
    // Backward, pages go by the complement of the key's place.
    List<Row<AlarmHistoryItem>> ordered = ascending ? rows : rows.reversed();
    var page =
        Page.of(
            ordered,
            r -> ascending ? r.key() : complement(r.key()),
            in.nextToken(),
            in.maxRecords(),
            PAGE,
            Refusals.badToken());
    return DescribeAlarmHistoryOutput.builder()
        .alarmHistoryItems(page.map(Row::value))
        .nextToken(page.nextToken())
        .build();
  }

  private static String complement(String key) {
    String[] parts = Key.parts(key);
    return Key.of(
        Key.number(Long.MAX_VALUE - Long.parseLong(parts[2])),
        Key.number(Long.MAX_VALUE - Long.parseLong(parts[3])));
  }

  private static boolean matches(AlarmHistoryItem i, DescribeAlarmHistoryInput in) {
    List<String> types =
        in.alarmTypes() == null || in.alarmTypes().isEmpty()
            ? List.of("MetricAlarm")
            : in.alarmTypes();
    return (in.alarmName() == null
            ? types.contains(i.alarmType())
            : in.alarmName().equals(i.alarmName()))
        && (in.historyItemType() == null || in.historyItemType().equals(i.historyItemType()))
        && (in.startDate() == null || !i.timestamp().isBefore(in.startDate()))
        && (in.endDate() == null || !i.timestamp().isAfter(in.endDate()));
  }

  private static String prefix(Scope scope) {
    return Key.prefix(scope.account(), scope.region());
  }

  void forgetOld(Instant now) {
    Instant before = now.minus(KEPT);
    store.update(
        tx -> {
          for (Row<AlarmHistoryItem> r : tx.scan(TABLE, "")) {
            if (r.value().timestamp().isBefore(before)) {
              tx.delete(TABLE, r.key());
            }
          }
        });
  }
}
