package dev.freeway.iam;

import dev.freeway.iam.api.*;
import dev.freeway.platform.Call;
import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Store;
import dev.freeway.store.Table;
import dev.freeway.wire.Structure.Empty;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Virtual MFA devices: their codes are really checked when they are given to a user. Signing in
/// asks for none, for there is no sign-in.
final class MfaDevices {
  /// @param secret in hex
  /// @param user the id of the user it is given to; null while it is nobody's
  record Device(
      String serial,
      String secret,
      @Nullable String user,
      @Nullable Instant enabled,
      Map<String, String> tags) {
    Device of(@Nullable String other, @Nullable Instant at) {
      return new Device(serial, secret, other, at, tags);
    }

    Device tagged(Map<String, String> all) {
      return new Device(serial, secret, user, enabled, all);
    }
  }

  private static final Table<Device> TABLE = new Table<>("iam_mfa_devices", Device.class);
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int SECRET_BYTES = 40;
  private static final int MAX = 8;

  private final Store store;
  private final Entities entities;

  MfaDevices(Store store, Entities entities) {
    this.store = store;
    this.entities = entities;
  }

  CreateVirtualMFADeviceResponse create(Call call, CreateVirtualMFADeviceRequest in) {
    Names.check("virtualMFADeviceName", in.virtualMFADeviceName());
    String path = in.path() == null ? "/" : in.path();
    String serial = "arn:aws:iam::" + call.account() + ":mfa" + path + in.virtualMFADeviceName();
    byte[] secret = new byte[SECRET_BYTES];
    RANDOM.nextBytes(secret);
    Device fresh =
        new Device(serial, HexFormat.of().formatHex(secret), null, null, TagSet.of(in.tags()));
    store.update(
        tx -> {
          if (!tx.insertIfAbsent(TABLE, Key.of(call.account(), serial), fresh)) {
            throw IamErrors.entityAlreadyExistsException(
                "MFADevice entity at the same path and name already exists.");
          }
        });
    return new CreateVirtualMFADeviceResponse(
        VirtualMFADevice.builder()
            .serialNumber(serial)
            .base32StringSeed(Base32.of(secret).getBytes(StandardCharsets.US_ASCII))
            .tags(fresh.tags.isEmpty() ? null : TagSet.view(fresh.tags))
            .build());
  }

  Empty delete(Call call, DeleteVirtualMFADeviceRequest in) {
    store.update(
        tx -> {
          if (require(tx, call, in.serialNumber()).user != null) {
            throw IamErrors.deleteConflictException(
                "MFA VirtualDevice in use. Must deactivate first.");
          }
          tx.delete(TABLE, Key.of(call.account(), in.serialNumber()));
        });
    return new Empty();
  }

  Empty enable(Call call, EnableMFADeviceRequest in) {
    change(
        call,
        in.serialNumber(),
        (tx, d) -> {
          Entity user = entities.require(tx, call, Kind.USER, in.userName());
          if (d.user != null) {
            throw IamErrors.entityAlreadyExistsException("MFA Device is already in use.");
          }
          if (of(tx, call, user).size() >= MAX) {
            throw IamErrors.limitExceededException("Cannot exceed quota for MFADevicesPerUser: 8");
          }
          checkCodes(call, d, in.authenticationCode1(), in.authenticationCode2());
          return d.of(user.id(), Entities.now(call));
        });
    return new Empty();
  }

  Empty resync(Call call, ResyncMFADeviceRequest in) {
    change(
        call,
        in.serialNumber(),
        (tx, d) -> {
          requireOf(d, entities.require(tx, call, Kind.USER, in.userName()));
          checkCodes(call, d, in.authenticationCode1(), in.authenticationCode2());
          return d;
        });
    return new Empty();
  }

  Empty deactivate(Call call, DeactivateMFADeviceRequest in) {
    change(
        call,
        in.serialNumber(),
        (tx, d) -> {
          requireOf(d, Users.require(tx, call, entities, in.userName()));
          return d.of(null, null);
        });
    return new Empty();
  }

  GetMFADeviceResponse get(Call call, GetMFADeviceRequest in) {
    return store.read(
        tx -> {
          Device d = require(tx, call, in.serialNumber());
          return GetMFADeviceResponse.builder()
              .serialNumber(d.serial)
              .userName(holder(tx, call, d).map(Entity::name).orElse(null))
              .enableDate(d.enabled)
              .build();
        });
  }

  ListMFADevicesResponse list(Call call, ListMFADevicesRequest in) {
    return store.read(
        tx -> {
          Entity user = Users.require(tx, call, entities, in.userName());
          var page = Pages.of(of(tx, call, user), Device::serial, in.marker(), in.maxItems());
          return ListMFADevicesResponse.builder()
              .mfaDevices(page.map(d -> new MFADevice(user.name(), d.serial, d.enabled)))
              .isTruncated(page.truncated())
              .marker(page.marker())
              .build();
        });
  }

  ListVirtualMFADevicesResponse listVirtual(Call call, ListVirtualMFADevicesRequest in) {
    return store.read(
        tx -> {
          List<Device> some =
              all(tx, call).stream()
                  .filter(
                      d ->
                          switch (Objects.requireNonNullElse(in.assignmentStatus(), "Any")) {
                            case "Assigned" -> d.user != null;
                            case "Unassigned" -> d.user == null;
                            default -> true;
                          })
                  .toList();
          var page = Pages.of(some, Device::serial, in.marker(), in.maxItems());
          return ListVirtualMFADevicesResponse.builder()
              .virtualMFADevices(page.map(d -> view(tx, call, d)))
              .isTruncated(page.truncated())
              .marker(page.marker())
              .build();
        });
  }

  Empty tag(Call call, TagMFADeviceRequest in) {
    return tags(call, in.serialNumber(), t -> TagSet.merge(t, in.tags()));
  }

  Empty untag(Call call, UntagMFADeviceRequest in) {
    return tags(call, in.serialNumber(), t -> TagSet.without(t, in.tagKeys()));
  }

  ListMFADeviceTagsResponse listTags(Call call, ListMFADeviceTagsRequest in) {
    Map<String, String> tags = store.read(tx -> require(tx, call, in.serialNumber())).tags;
    var page = Pages.of(TagSet.view(tags), Tag::key, in.marker(), in.maxItems());
    return ListMFADeviceTagsResponse.builder()
        .tags(page.page().items())
        .isTruncated(page.truncated())
        .marker(page.marker())
        .build();
  }

  List<Device> of(ReadTx tx, Call call, Entity user) {
    return all(tx, call).stream().filter(d -> user.id().equals(d.user)).toList();
  }

  List<Device> all(ReadTx tx, Call call) {
    return tx.scan(TABLE, Key.prefix(call.account())).stream().map(r -> r.value()).toList();
  }

  private Empty tags(Call call, String serial, UnaryOperator<Map<String, String>> to) {
    change(call, serial, (tx, d) -> d.tagged(to.apply(d.tags)));
    return new Empty();
  }

  private interface Change {
    Device of(ReadTx tx, Device before);
  }

  private void change(Call call, String serial, Change to) {
    store.update(
        tx -> {
          Device after = to.of(tx, require(tx, call, serial));
          tx.put(TABLE, Key.of(call.account(), serial), after);
        });
  }

  private static Device require(ReadTx tx, Call call, String serial) {
    return tx.get(TABLE, Key.of(call.account(), serial))
        .orElseThrow(
            () ->
                IamErrors.noSuchEntityException(
                    "VirtualMFADevice with serial number " + serial + " doesn't exist."));
  }

  private static void requireOf(Device d, Entity user) {
    if (!user.id().equals(d.user)) {
      throw IamErrors.noSuchEntityException(
          "MFA Device " + d.serial + " is not associated with the user " + user.name() + ".");
    }
  }

  private static void checkCodes(Call call, Device d, String first, String second) {
    byte[] secret = HexFormat.of().parseHex(d.secret);
    if (!Totp.follow(secret, first, second, call.at())) {
      throw IamErrors.invalidAuthenticationCodeException(
          "Authentication code for device is not valid. Enter two consecutive codes.");
    }
  }

  private java.util.Optional<Entity> holder(ReadTx tx, Call call, Device d) {
    return entities.all(tx, call, Kind.USER).stream().filter(u -> u.id().equals(d.user)).findAny();
  }

  private VirtualMFADevice view(ReadTx tx, Call call, Device d) {
    return VirtualMFADevice.builder()
        .serialNumber(d.serial)
        .user(holder(tx, call, d).map(u -> Users.view(call, u)).orElse(null))
        .enableDate(d.enabled)
        .tags(d.tags.isEmpty() ? null : TagSet.view(d.tags))
        .build();
  }
}
