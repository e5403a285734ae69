package dev.freeway.ecs;

import dev.freeway.ecs.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Page;
import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Store;
import dev.freeway.store.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Account settings: what each principal chose, else the account's default, else AWS's.
/// `containerInsights` is the value new clusters get; the others are kept and change nothing here.
final class AccountSettings {
  private static final Table<Setting> TABLE = new Table<>("ecs_account_settings", Setting.class);
  private static final int PAGE = 10;
  private static final String EVERYONE = "default";

  private record Choice(String otherwise, String allowed) {}

  private static final Choice ON = new Choice("enabled", "enabled|disabled");
  private static final Choice OFF = new Choice("disabled", "enabled|disabled");
  private static final Map<String, Choice> KNOWN =
      new TreeMap<>(
          Map.of(
              "serviceLongArnFormat",
              ON,
              "taskLongArnFormat",
              ON,
              "containerInstanceLongArnFormat",
              ON,
              "awsvpcTrunking",
              OFF,
              "containerInsights",
              new Choice("disabled", "enabled|disabled|enhanced"),
              "fargateFIPSMode",
              OFF,
              "tagResourceAuthorization",
              new Choice("on", "on|off"),
              "fargateTaskRetirementWaitPeriod",
              new Choice("7", "0|7|14"),
              "guardDutyActivate",
              new Choice("off", "on|off"),
              "defaultLogDriverMode",
              new Choice("non-blocking", "blocking|non-blocking")));

  private final Store store;

  AccountSettings(Store store) {
    this.store = store;
  }

  PutAccountSettingResponse put(Call call, PutAccountSettingRequest in) {
    String principal = principal(call, in.principalArn());
    return PutAccountSettingResponse.builder()
        .setting(save(call, principal, in.name(), in.value(), principal))
        .build();
  }

  PutAccountSettingDefaultResponse putDefault(Call call, PutAccountSettingDefaultRequest in) {
    return PutAccountSettingDefaultResponse.builder()
        .setting(save(call, EVERYONE, in.name(), in.value(), root(call)))
        .build();
  }

  private static String root(Call call) {
    return "arn:aws:iam::" + call.account() + ":root";
  }

  private static String principal(Call call, @Nullable String asked) {
    return asked == null ? call.principal().arn() : asked;
  }

  private Setting save(Call call, String who, String name, String value, String arn) {
    Choice choice = choice(name);
    if (!value.matches(choice.allowed())) {
      throw EcsErrors.invalidParameterException("Invalid value for setting " + name + ": " + value);
    }
    boolean aws = name.equals("guardDutyActivate");
    if (aws) {
      throw EcsErrors.invalidParameterException("You can't change the setting " + name + ".");
    }
    Setting setting = new Setting(name, value, arn, "user");
    store.update(tx -> tx.put(TABLE, call.scope().key(who, name), setting));
    return setting;
  }

  private static Choice choice(String name) {
    Choice choice = KNOWN.get(name);
    if (choice == null) {
      throw EcsErrors.invalidParameterException("Unsupported setting: " + name);
    }
    return choice;
  }

  DeleteAccountSettingResponse delete(Call call, DeleteAccountSettingRequest in) {
    choice(in.name());
    String principal = principal(call, in.principalArn());
    Setting after =
        store.write(
            tx -> {
              tx.delete(TABLE, call.scope().key(principal, in.name()));
              return effective(tx, call, principal, in.name());
            });
    return DeleteAccountSettingResponse.builder().setting(after).build();
  }

  ListAccountSettingsResponse list(Call call, ListAccountSettingsRequest in) {
    String principal = principal(call, in.principalArn());
    boolean effective = Boolean.TRUE.equals(in.effectiveSettings());
    List<Setting> all = new ArrayList<>();
    store.read(
        tx -> {
          if (effective) {
            KNOWN.keySet().forEach(name -> all.add(effective(tx, call, principal, name)));
          } else {
            tx.scan(TABLE, Key.prefix(call.account(), call.region(), principal)).stream()
                .map(Row::value)
                .forEach(all::add);
          }
          return all;
        });
    List<Setting> found =
        all.stream()
            .filter(s -> in.name() == null || in.name().equals(s.name()))
            .filter(s -> in.value() == null || in.value().equals(s.value()))
            .toList();
    var page = Page.of(found, Setting::name, in.nextToken(), in.maxResults(), PAGE, Ecs.badToken());
    return ListAccountSettingsResponse.builder()
        .settings(page.items())
        .nextToken(page.nextToken())
        .build();
  }

  private Setting effective(ReadTx tx, Call call, String principal, String name) {
    return tx.get(TABLE, call.scope().key(principal, name))
        .or(() -> tx.get(TABLE, call.scope().key(EVERYONE, name)))
        .orElseGet(
            () ->
                new Setting(
                    name,
                    choice(name).otherwise(),
                    root(call),
                    name.equals("guardDutyActivate") ? "aws_managed" : "user"));
  }

  /// The caller's value.
  String value(ReadTx tx, Call call, String name) {
    return effective(tx, call, call.principal().arn(), name).value();
  }
}
