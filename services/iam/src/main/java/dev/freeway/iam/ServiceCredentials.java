package dev.freeway.iam;

import dev.freeway.iam.api.CreateServiceSpecificCredentialRequest;
import dev.freeway.iam.api.CreateServiceSpecificCredentialResponse;
import dev.freeway.iam.api.DeleteServiceSpecificCredentialRequest;
import dev.freeway.iam.api.IamErrors;
import dev.freeway.iam.api.ListServiceSpecificCredentialsRequest;
import dev.freeway.iam.api.ListServiceSpecificCredentialsResponse;
import dev.freeway.iam.api.ResetServiceSpecificCredentialRequest;
import dev.freeway.iam.api.ResetServiceSpecificCredentialResponse;
import dev.freeway.iam.api.ServiceSpecificCredential;
import dev.freeway.iam.api.ServiceSpecificCredentialMetadata;
import dev.freeway.iam.api.UpdateServiceSpecificCredentialRequest;
import dev.freeway.iam.api.VerifyServiceSpecificCredentialRequest;
import dev.freeway.iam.api.VerifyServiceSpecificCredentialResponse;
import dev.freeway.platform.Call;
import dev.freeway.platform.Ids;
import dev.freeway.platform.Scope;
import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Store;
import dev.freeway.store.Table;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.Structure.Empty;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.List;

/// User names and passwords for one service: what a `git` client logs in to CodeCommit with.
final class ServiceCredentials {
  private static final String CODECOMMIT = "codecommit.amazonaws.com";
  private static final int MAX = 2;

  /// @param password in the clear: the service that checks it may be told so by any client, but AWS
  ///   shows it once only
  record Credential(
      String id,
      String userId,
      String service,
      String loginName,
      String password,
      String status,
      Instant created) {
    Credential with(String newPassword, String newStatus) {
      return new Credential(id, userId, service, loginName, newPassword, newStatus, created);
    }
  }

  /// Whose a login name is.
  record Login(String account, String userId, String credentialId) {}

  private static final Table<Credential> TABLE =
      new Table<>("iam_service_credentials", Credential.class);
  private static final Table<Login> LOGINS = new Table<>("iam_service_logins", Login.class);

  private final Store store;
  private final Entities entities;

  ServiceCredentials(Store store, Entities entities) {
    this.store = store;
    this.entities = entities;
  }

  CreateServiceSpecificCredentialResponse create(
      Call call, CreateServiceSpecificCredentialRequest in) {
    if (!in.serviceName().equals(CODECOMMIT)) {
      throw IamErrors.serviceNotSupportedException(
          "No such service " + in.serviceName() + " is supported for Service Specific Credentials");
    }
    ServiceSpecificCredential view =
        store.write(
            tx -> {
              Entity user = entities.require(tx, call, Kind.USER, in.userName());
              long have =
                  of(tx, call, user).stream()
                      .filter(c -> c.service.equals(in.serviceName()))
                      .count();
              if (have >= MAX) {
                throw IamErrors.limitExceededException(
                    "Cannot exceed quota for ServiceSpecificCredentialsPerUser: " + MAX);
              }
              String login = user.name() + "-at-" + call.account();
              login = tx.contains(LOGINS, login) ? login + "-" + Ids.hex(4) : login;
              Credential fresh =
                  new Credential(
                      "ACCA" + Ids.base32(17),
                      user.id(),
                      in.serviceName(),
                      login,
                      password(),
                      "Active",
                      Entities.now(call));
              tx.put(TABLE, key(call, user.id(), fresh.id), fresh);
              tx.put(LOGINS, login, new Login(call.account(), user.id(), fresh.id));
              return view(user, fresh);
            });
    return CreateServiceSpecificCredentialResponse.builder()
        .serviceSpecificCredential(view)
        .build();
  }

  ListServiceSpecificCredentialsResponse list(Call call, ListServiceSpecificCredentialsRequest in) {
    return store.read(
        tx -> {
          Entity user = Users.require(tx, call, entities, in.userName());
          var all =
              of(tx, call, user).stream()
                  .filter(c -> in.serviceName() == null || c.service.equals(in.serviceName()))
                  .toList();
          var page = Pages.of(all, Credential::id, in.marker(), in.maxItems());
          return ListServiceSpecificCredentialsResponse.builder()
              .serviceSpecificCredentials(page.map(c -> metadata(user, c)))
              .isTruncated(page.truncated())
              .marker(page.marker())
              .build();
        });
  }

  ResetServiceSpecificCredentialResponse reset(
      Call call, ResetServiceSpecificCredentialRequest in) {
    ServiceSpecificCredential view =
        store.write(
            tx -> {
              Entity user = Users.require(tx, call, entities, in.userName());
              Credential c = require(tx, call, user, in.serviceSpecificCredentialId());
              Credential changed = c.with(password(), c.status);
              tx.put(TABLE, key(call, user.id(), c.id), changed);
              return view(user, changed);
            });
    return ResetServiceSpecificCredentialResponse.builder().serviceSpecificCredential(view).build();
  }

  Empty update(Call call, UpdateServiceSpecificCredentialRequest in) {
    store.update(
        tx -> {
          Entity user = Users.require(tx, call, entities, in.userName());
          Credential c = require(tx, call, user, in.serviceSpecificCredentialId());
          tx.put(TABLE, key(call, user.id(), c.id), c.with(c.password, in.status()));
        });
    return new Empty();
  }

  Empty delete(Call call, DeleteServiceSpecificCredentialRequest in) {
    store.update(
        tx -> {
          Entity user = Users.require(tx, call, entities, in.userName());
          Credential c = require(tx, call, user, in.serviceSpecificCredentialId());
          tx.delete(TABLE, key(call, user.id(), c.id));
          tx.delete(LOGINS, c.loginName);
        });
    return new Empty();
  }

  /// Whose a login is. Freeway's own operation: services that users log in to ask it. One answer
  /// for every kind of wrong login.
  VerifyServiceSpecificCredentialResponse verify(
      Call call, VerifyServiceSpecificCredentialRequest in) {
    return store.read(
        tx -> {
          Login login = tx.get(LOGINS, in.serviceUserName()).orElseThrow(() -> wrong());
          Credential c =
              tx.get(TABLE, Key.of(login.account, login.userId, login.credentialId))
                  .filter(k -> k.service.equals(in.serviceName()) && k.status.equals("Active"))
                  .filter(k -> same(k.password, in.servicePassword()))
                  .orElseThrow(() -> wrong());
          Call there = call.in(new Scope(login.account, call.region()));
          Entity user =
              entities.all(tx, there, Kind.USER).stream()
                  .filter(u -> u.id().equals(c.userId))
                  .findFirst()
                  .orElseThrow(() -> wrong());
          return VerifyServiceSpecificCredentialResponse.builder()
              .account(login.account)
              .userName(user.name())
              .userId(user.id())
              .arn(user.arn(login.account))
              .build();
        });
  }

  private static boolean same(String a, String b) {
    return MessageDigest.isEqual(
        a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
  }

  private static AwsException wrong() {
    return IamErrors.noSuchEntityException("There is no such active login.");
  }

  List<Credential> of(ReadTx tx, Call call, Entity user) {
    return tx.scan(TABLE, Key.prefix(call.account(), user.id())).stream().map(Row::value).toList();
  }

  private Credential require(ReadTx tx, Call call, Entity user, String id) {
    return tx.get(TABLE, key(call, user.id(), id))
        .orElseThrow(
            () ->
                IamErrors.noSuchEntityException(
                    "No such credential " + id + " exists for user " + user.name()));
  }

  private static String password() {
    return Ids.alphanumeric(43) + "=";
  }

  private static ServiceSpecificCredential view(Entity user, Credential c) {
    return ServiceSpecificCredential.builder()
        .createDate(c.created)
        .serviceName(c.service)
        .serviceUserName(c.loginName)
        .servicePassword(c.password)
        .serviceSpecificCredentialId(c.id)
        .userName(user.name())
        .status(c.status)
        .build();
  }

  private static ServiceSpecificCredentialMetadata metadata(Entity user, Credential c) {
    return ServiceSpecificCredentialMetadata.builder()
        .userName(user.name())
        .status(c.status)
        .serviceUserName(c.loginName)
        .createDate(c.created)
        .serviceSpecificCredentialId(c.id)
        .serviceName(c.service)
        .build();
  }

  private static String key(Call call, String userId, String id) {
    return Key.of(call.account(), userId, id);
  }
}
