package dev.freeway.codebuild;

import dev.freeway.codebuild.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Scope;
import dev.freeway.store.Key;
import dev.freeway.store.Row;
import dev.freeway.store.Store;
import dev.freeway.store.Table;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Logins for repositories elsewhere: import, list, delete, and what a clone uses. One for each
/// kind of server.
record SourceCredentials(Store store) implements SourceLogins {
  private static final Table<Login> TABLE =
      new Table<>("codebuild_source_credentials", Login.class);

  record Login(SourceCredentialsInfo info, @Nullable String user, String token) {}

  ImportSourceCredentialsOutput importLogin(Call call, ImportSourceCredentialsInput in) {
    boolean basic = in.authType().equals("BASIC_AUTH");
    if (basic && in.username() == null) {
      throw CodebuildErrors.invalidInputException(
          "Username is required for the auth type BASIC_AUTH");
    }
    if (basic && !in.serverType().equals("BITBUCKET")) {
      throw CodebuildErrors.invalidInputException(
          "Auth type BASIC_AUTH is not supported for server type " + in.serverType());
    }
    String arn =
        call.arn("codebuild", "token/" + in.serverType().toLowerCase(java.util.Locale.ROOT))
            .toString();
    boolean token =
        in.authType().equals("SECRETS_MANAGER") || in.authType().equals("CODECONNECTIONS");
    SourceCredentialsInfo info =
        SourceCredentialsInfo.builder()
            .arn(arn)
            .serverType(in.serverType())
            .authType(in.authType())
            .resource(token ? in.token() : null)
            .build();
    store.update(
        tx -> {
          String key = call.key(in.serverType());
          if (Boolean.FALSE.equals(in.shouldOverwrite()) && tx.contains(TABLE, key)) {
            throw CodebuildErrors.resourceAlreadyExistsException(
                "Access token with server type "
                    + in.serverType()
                    + " already exists. Delete its source credential and try again.");
          }
          tx.put(TABLE, key, new Login(info, in.username(), in.token()));
        });
    return ImportSourceCredentialsOutput.builder().arn(arn).build();
  }

  ListSourceCredentialsOutput list(Call call, ListSourceCredentialsInput in) {
    List<SourceCredentialsInfo> all =
        store.read(tx -> tx.scan(TABLE, Key.prefix(call.account(), call.region()))).stream()
            .map(Row::value)
            .map(Login::info)
            .toList();
    return ListSourceCredentialsOutput.builder().sourceCredentialsInfos(all).build();
  }

  DeleteSourceCredentialsOutput delete(Call call, DeleteSourceCredentialsInput in) {
    store.update(
        tx -> {
          var found =
              tx.scan(TABLE, Key.prefix(call.account(), call.region())).stream()
                  .filter(r -> r.value().info().arn().equals(in.arn()))
                  .findFirst()
                  .orElseThrow(
                      () ->
                          CodebuildErrors.resourceNotFoundException(
                              "Source credentials cannot be found: " + in.arn()));
          tx.delete(TABLE, found.key());
        });
    return DeleteSourceCredentialsOutput.builder().arn(in.arn()).build();
  }

  @Override
  public @Nullable String of(Scope scope, ProjectSource source) throws BuildFailed {
    Login login = store.read(tx -> tx.get(TABLE, scope.key(source.type()))).orElse(null);
    if (login == null) {
      return null;
    }
    if (login.info().resource() != null) {
      throw new BuildFailed(
          "CLIENT_ERROR",
          "Freeway has no logins of type " + login.info().authType() + " for sources yet");
    }
    String user =
        login.user() != null
            ? login.user()
            : source.type().startsWith("GITLAB") ? "oauth2" : "x-access-token";
    return user + ":" + login.token();
  }
}
