package dev.freeway.iam;

import dev.freeway.iam.api.CreateLoginProfileRequest;
import dev.freeway.iam.api.CreateLoginProfileResponse;
import dev.freeway.iam.api.DeleteLoginProfileRequest;
import dev.freeway.iam.api.GetLoginProfileRequest;
import dev.freeway.iam.api.GetLoginProfileResponse;
import dev.freeway.iam.api.IamErrors;
import dev.freeway.iam.api.LoginProfile;
import dev.freeway.iam.api.UpdateLoginProfileRequest;
import dev.freeway.platform.Call;
import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Store;
import dev.freeway.store.Table;
import dev.freeway.wire.Structure.Empty;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/// Console passwords. There is no console to sign in to yet: what is kept is a salted hash, and the
/// profile's life cycle.
final class LoginProfiles {
  record Login(Instant created, boolean resetRequired, String salt, String hash) {}

  private static final Table<Login> TABLE = new Table<>("iam_login_profiles", Login.class);
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Store store;
  private final Entities entities;
  private final AccountSettings settings;

  LoginProfiles(Store store, Entities entities, AccountSettings settings) {
    this.store = store;
    this.entities = entities;
    this.settings = settings;
  }

  CreateLoginProfileResponse create(Call call, CreateLoginProfileRequest in) {
    if (in.password() == null) {
      throw IamErrors.passwordPolicyViolationException("A password is required.");
    }
    Login fresh =
        login(Entities.now(call), Boolean.TRUE.equals(in.passwordResetRequired()), in.password());
    LoginProfile view =
        store.write(
            tx -> {
              Entity user = Users.require(tx, call, entities, in.userName());
              settings.checkPassword(tx, call, in.password());
              if (!tx.insertIfAbsent(TABLE, key(call, user), fresh)) {
                throw IamErrors.entityAlreadyExistsException(
                    "Login Profile for user " + user.name() + " already exists.");
              }
              return view(user, fresh);
            });
    return CreateLoginProfileResponse.builder().loginProfile(view).build();
  }

  GetLoginProfileResponse get(Call call, GetLoginProfileRequest in) {
    LoginProfile view =
        store.read(
            tx -> {
              Entity user = Users.require(tx, call, entities, in.userName());
              return view(user, require(tx, call, user));
            });
    return GetLoginProfileResponse.builder().loginProfile(view).build();
  }

  Empty update(Call call, UpdateLoginProfileRequest in) {
    @Nullable Login changed =
        in.password() == null ? null : login(Instant.EPOCH, false, in.password());
    store.update(
        tx -> {
          Entity user = entities.require(tx, call, Kind.USER, in.userName());
          Login before = require(tx, call, user);
          boolean reset =
              in.passwordResetRequired() == null
                  ? before.resetRequired
                  : in.passwordResetRequired();
          if (in.password() != null) {
            settings.checkPassword(tx, call, in.password());
          }
          Login secret = changed == null ? before : changed;
          tx.put(
              TABLE, key(call, user), new Login(before.created, reset, secret.salt, secret.hash));
        });
    return new Empty();
  }

  Empty delete(Call call, DeleteLoginProfileRequest in) {
    store.update(
        tx -> {
          Entity user = Users.require(tx, call, entities, in.userName());
          require(tx, call, user);
          tx.delete(TABLE, key(call, user));
        });
    return new Empty();
  }

  boolean exists(ReadTx tx, Call call, Entity user) {
    return tx.contains(TABLE, key(call, user));
  }

  private static Login require(ReadTx tx, Call call, Entity user) {
    return tx.get(TABLE, key(call, user))
        .orElseThrow(
            () ->
                IamErrors.noSuchEntityException(
                    "Login Profile for User " + user.name() + " cannot be found."));
  }

  private static LoginProfile view(Entity user, Login l) {
    return LoginProfile.builder()
        .userName(user.name())
        .createDate(l.created)
        .passwordResetRequired(l.resetRequired)
        .build();
  }

  private static Login login(Instant created, boolean reset, String password) {
    byte[] salt = new byte[16];
    RANDOM.nextBytes(salt);
    try {
      byte[] hash =
          SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
              .generateSecret(new PBEKeySpec(password.toCharArray(), salt, 100_000, 256))
              .getEncoded();
      return new Login(
          created, reset, HexFormat.of().formatHex(salt), HexFormat.of().formatHex(hash));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has PBKDF2WithHmacSHA256", e);
    }
  }

  private static String key(Call call, Entity user) {
    return Key.of(call.account(), user.id());
  }
}
