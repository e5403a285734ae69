package dev.freeway.iam;

import dev.freeway.iam.api.CreateAccountAliasRequest;
import dev.freeway.iam.api.DeleteAccountAliasRequest;
import dev.freeway.iam.api.GetAccountPasswordPolicyResponse;
import dev.freeway.iam.api.IamErrors;
import dev.freeway.iam.api.ListAccountAliasesRequest;
import dev.freeway.iam.api.ListAccountAliasesResponse;
import dev.freeway.iam.api.PasswordPolicy;
import dev.freeway.iam.api.UpdateAccountPasswordPolicyRequest;
import dev.freeway.platform.Call;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Store;
import dev.freeway.store.Table;
import dev.freeway.wire.Structure;
import dev.freeway.wire.Structure.Empty;
import java.util.List;

/// The account's alias and password policy.
final class AccountSettings {
  record Alias(String name) {}

  private static final Table<Alias> ALIASES = new Table<>("iam_account_aliases", Alias.class);
  private static final Table<PasswordRules> RULES =
      new Table<>("iam_password_policies", PasswordRules.class);

  private final Store store;

  AccountSettings(Store store) {
    this.store = store;
  }

  Empty createAlias(Call call, CreateAccountAliasRequest in) {
    store.update(
        tx -> {
          boolean taken =
              tx.scan(ALIASES, "").stream()
                  .anyMatch(
                      r ->
                          r.value().name.equals(in.accountAlias())
                              && !r.key().equals(call.account()));
          if (taken) {
            throw IamErrors.entityAlreadyExistsException(
                "The account alias " + in.accountAlias() + " already exists.");
          }
          tx.put(ALIASES, call.account(), new Alias(in.accountAlias()));
        });
    return new Empty();
  }

  Empty deleteAlias(Call call, DeleteAccountAliasRequest in) {
    store.update(
        tx -> {
          if (tx.get(ALIASES, call.account())
              .filter(a -> a.name.equals(in.accountAlias()))
              .isEmpty()) {
            throw IamErrors.noSuchEntityException(
                "The account alias with name " + in.accountAlias() + " cannot be found.");
          }
          tx.delete(ALIASES, call.account());
        });
    return new Empty();
  }

  ListAccountAliasesResponse listAliases(Call call, ListAccountAliasesRequest in) {
    List<String> names =
        store.read(tx -> tx.get(ALIASES, call.account())).map(Alias::name).stream().toList();
    return ListAccountAliasesResponse.builder().accountAliases(names).isTruncated(false).build();
  }

  Empty updatePolicy(Call call, UpdateAccountPasswordPolicyRequest in) {
    store.update(tx -> tx.put(RULES, call.account(), PasswordRules.of(in)));
    return new Empty();
  }

  GetAccountPasswordPolicyResponse getPolicy(Call call, Structure in) {
    PasswordRules rules =
        store.read(tx -> tx.get(RULES, call.account())).orElseThrow(() -> none(call));
    PasswordPolicy view =
        PasswordPolicy.builder()
            .minimumPasswordLength(rules.minimumLength())
            .requireSymbols(rules.symbols())
            .requireNumbers(rules.numbers())
            .requireUppercaseCharacters(rules.upperCase())
            .requireLowercaseCharacters(rules.lowerCase())
            .allowUsersToChangePassword(rules.usersMayChange())
            .expirePasswords(rules.maxAge() != null)
            .maxPasswordAge(rules.maxAge())
            .passwordReusePrevention(rules.reusePrevention())
            .hardExpiry(rules.hardExpiry())
            .build();
    return GetAccountPasswordPolicyResponse.builder().passwordPolicy(view).build();
  }

  Empty deletePolicy(Call call, Structure in) {
    store.update(
        tx -> {
          if (!tx.delete(RULES, call.account())) {
            throw IamErrors.noSuchEntityException(
                "The account policy with name PasswordPolicy cannot be found.");
          }
        });
    return new Empty();
  }

  void checkPassword(ReadTx tx, Call call, String password) {
    tx.get(RULES, call.account()).orElse(PasswordRules.DEFAULT).check(password);
  }

  private static dev.freeway.wire.AwsException none(Call call) {
    return IamErrors.noSuchEntityException(
        "The Password Policy with domain name " + call.account() + " cannot be found.");
  }
}
