package dev.freeway.iam;

import static dev.freeway.iam.api.IamApi.*;

import dev.freeway.iam.api.IamApi;
import dev.freeway.platform.Arn;
import dev.freeway.platform.Authorizer;
import dev.freeway.platform.Operations;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Service;
import dev.freeway.platform.ServiceRegistry;
import dev.freeway.store.ReadTx;
import dev.freeway.wire.model.ServiceInfo;
import dev.freeway.wire.model.ServiceModel;
import java.util.List;
import java.util.Optional;

/// Identity and Access Management: contents page.
public final class Iam implements Service {
  private final Platform platform;
  private final Entities entities;
  private final EntityPolicies held;
  private final Simulation simulation;
  private final Roles roles;
  private final Users users;
  private final Boundaries boundaries;
  private final OidcProviders oidc;
  private final SshKeys sshKeys;
  private final MfaDevices mfa;
  private final ServiceLinkedRoles linked;
  private final AccountReport report;
  private final Groups groups;
  private final Policies policies;
  private final Tagging tags;
  private final InlinePolicies inline;
  private final Attachments attachments;
  private final AccessKeys keys;
  private final LoginProfiles logins;
  private final ServiceCredentials credentials;
  private final InstanceProfiles profiles;
  private final AccountSettings settings;

  public Iam(Platform platform) {
    var store = platform.store();
    this.platform = platform;
    entities = new Entities();
    ManagedPolicies managed = new ManagedPolicies();
    held = new EntityPolicies(entities, managed);
    simulation = new Simulation(store, entities, held);
    profiles = new InstanceProfiles(store, entities);
    settings = new AccountSettings(store);
    keys = new AccessKeys(store, entities, platform.identities());
    logins = new LoginProfiles(store, entities, settings);
    credentials = new ServiceCredentials(store, entities);
    roles = new Roles(store, entities, managed, profiles);
    sshKeys = new SshKeys(store, entities);
    mfa = new MfaDevices(store, entities);
    linked = new ServiceLinkedRoles(store, entities);
    users =
        new Users(
            store,
            entities,
            managed,
            keys,
            List.of(
                Belonging.of("access keys", (tx, c, u) -> !keys.of(tx, c, u).isEmpty()),
                Belonging.of("login profile", logins::exists),
                Belonging.of(
                    "service specific credentials",
                    (tx, c, u) -> !credentials.of(tx, c, u).isEmpty()),
                Belonging.of("SSH public keys", (tx, c, u) -> !sshKeys.of(tx, c, u).isEmpty()),
                Belonging.of("MFA device", (tx, c, u) -> !mfa.of(tx, c, u).isEmpty())));
    boundaries = new Boundaries(store, entities, managed);
    oidc = new OidcProviders(store);
    report = new AccountReport(store, entities, managed, profiles, oidc, mfa);
    groups = new Groups(store, entities);
    policies = new Policies(store, managed, entities);
    tags = new Tagging(store, entities, managed, profiles);
    inline = new InlinePolicies(store, entities);
    attachments = new Attachments(store, entities, managed);
  }

  /// Enforces what is stored here.
  public Authorizer authorizer(ServiceRegistry registry) {
    return new PolicyAuthorizer(platform, registry, entities, held);
  }

  /// With the path of the role or user.
  @Override
  public Arn known(ReadTx tx, Arn asked) {
    for (Kind kind : Kind.values()) {
      if (asked.resource().startsWith(kind.word() + "/")) {
        return entities
            .find(tx, asked.account(), kind, asked.name())
            .flatMap(e -> Arn.parse(e.arn(asked.account())))
            .orElse(asked);
      }
    }
    return asked;
  }

  /// A role's: whom it trusts.
  @Override
  public Optional<String> resourcePolicy(ReadTx tx, Arn resource) {
    return resource.resource().startsWith("role/")
        ? entities
            .find(tx, resource.account(), Kind.ROLE, resource.name())
            .flatMap(e -> Optional.ofNullable(e.trust()))
            .map(Entity.Trust::document)
        : Optional.empty();
  }

  @Override
  public boolean policyDecides() {
    return true;
  }

  @Override
  public ServiceInfo info() {
    return INFO;
  }

  @Override
  public ServiceModel model() {
    return IamApi.model();
  }

  @Override
  public void define(Operations on) {
    on.on(CREATE_ROLE, roles::create);
    on.on(GET_ROLE, roles::get);
    on.on(LIST_ROLES, roles::list);
    on.on(DELETE_ROLE, roles::delete);
    on.on(UPDATE_ROLE, roles::update);
    on.on(UPDATE_ROLE_DESCRIPTION, roles::describe);
    on.on(UPDATE_ASSUME_ROLE_POLICY, roles::updateTrust);

    on.on(SIMULATE_CUSTOM_POLICY, simulation::custom);
    on.on(SIMULATE_PRINCIPAL_POLICY, simulation::principal);
    on.on(GET_CONTEXT_KEYS_FOR_CUSTOM_POLICY, simulation::keysOfCustom);
    on.on(GET_CONTEXT_KEYS_FOR_PRINCIPAL_POLICY, simulation::keysOfPrincipal);

    on.on(CREATE_USER, users::create);
    on.on(GET_USER, users::get);
    on.on(LIST_USERS, users::list);
    on.on(UPDATE_USER, users::update);
    on.on(DELETE_USER, users::delete);

    on.on(CREATE_GROUP, groups::create);
    on.on(GET_GROUP, groups::get);
    on.on(LIST_GROUPS, groups::list);
    on.on(LIST_GROUPS_FOR_USER, groups::listForUser);
    on.on(UPDATE_GROUP, groups::update);
    on.on(DELETE_GROUP, groups::delete);
    on.on(ADD_USER_TO_GROUP, groups::addUser);
    on.on(REMOVE_USER_FROM_GROUP, groups::removeUser);

    on.on(CREATE_POLICY, policies::create);
    on.on(GET_POLICY, policies::get);
    on.on(LIST_POLICIES, policies::list);
    on.on(DELETE_POLICY, policies::delete);
    on.on(CREATE_POLICY_VERSION, policies::createVersion);
    on.on(GET_POLICY_VERSION, policies::getVersion);
    on.on(LIST_POLICY_VERSIONS, policies::listVersions);
    on.on(DELETE_POLICY_VERSION, policies::deleteVersion);
    on.on(SET_DEFAULT_POLICY_VERSION, policies::setDefault);
    on.on(LIST_ENTITIES_FOR_POLICY, policies::holders);

    on.on(TAG_ROLE, tags::tagRole);
    on.on(UNTAG_ROLE, tags::untagRole);
    on.on(LIST_ROLE_TAGS, tags::listRole);
    on.on(TAG_USER, tags::tagUser);
    on.on(UNTAG_USER, tags::untagUser);
    on.on(LIST_USER_TAGS, tags::listUser);
    on.on(TAG_POLICY, tags::tagPolicy);
    on.on(UNTAG_POLICY, tags::untagPolicy);
    on.on(LIST_POLICY_TAGS, tags::listPolicy);
    on.on(TAG_INSTANCE_PROFILE, tags::tagInstanceProfile);
    on.on(UNTAG_INSTANCE_PROFILE, tags::untagInstanceProfile);
    on.on(LIST_INSTANCE_PROFILE_TAGS, tags::listInstanceProfile);

    on.on(PUT_USER_POLICY, inline::putUser);
    on.on(GET_USER_POLICY, inline::getUser);
    on.on(LIST_USER_POLICIES, inline::listUser);
    on.on(DELETE_USER_POLICY, inline::deleteUser);
    on.on(PUT_GROUP_POLICY, inline::putGroup);
    on.on(GET_GROUP_POLICY, inline::getGroup);
    on.on(LIST_GROUP_POLICIES, inline::listGroup);
    on.on(DELETE_GROUP_POLICY, inline::deleteGroup);
    on.on(PUT_ROLE_POLICY, inline::putRole);
    on.on(GET_ROLE_POLICY, inline::getRole);
    on.on(LIST_ROLE_POLICIES, inline::listRole);
    on.on(DELETE_ROLE_POLICY, inline::deleteRole);

    on.on(ATTACH_USER_POLICY, attachments::attachUser);
    on.on(DETACH_USER_POLICY, attachments::detachUser);
    on.on(LIST_ATTACHED_USER_POLICIES, attachments::listUser);
    on.on(ATTACH_GROUP_POLICY, attachments::attachGroup);
    on.on(DETACH_GROUP_POLICY, attachments::detachGroup);
    on.on(LIST_ATTACHED_GROUP_POLICIES, attachments::listGroup);
    on.on(ATTACH_ROLE_POLICY, attachments::attachRole);
    on.on(DETACH_ROLE_POLICY, attachments::detachRole);
    on.on(LIST_ATTACHED_ROLE_POLICIES, attachments::listRole);

    on.on(CREATE_ACCESS_KEY, keys::create);
    on.on(UPDATE_ACCESS_KEY, keys::update);
    on.on(DELETE_ACCESS_KEY, keys::delete);
    on.on(LIST_ACCESS_KEYS, keys::list);
    on.on(GET_ACCESS_KEY_LAST_USED, keys::lastUsed);

    on.on(CREATE_LOGIN_PROFILE, logins::create);
    on.on(GET_LOGIN_PROFILE, logins::get);
    on.on(UPDATE_LOGIN_PROFILE, logins::update);
    on.on(DELETE_LOGIN_PROFILE, logins::delete);

    on.on(CREATE_SERVICE_SPECIFIC_CREDENTIAL, credentials::create);
    on.on(LIST_SERVICE_SPECIFIC_CREDENTIALS, credentials::list);
    on.on(RESET_SERVICE_SPECIFIC_CREDENTIAL, credentials::reset);
    on.on(UPDATE_SERVICE_SPECIFIC_CREDENTIAL, credentials::update);
    on.on(DELETE_SERVICE_SPECIFIC_CREDENTIAL, credentials::delete);
    on.on(VERIFY_SERVICE_SPECIFIC_CREDENTIAL, credentials::verify);

    on.on(CREATE_INSTANCE_PROFILE, profiles::create);
    on.on(GET_INSTANCE_PROFILE, profiles::get);
    on.on(LIST_INSTANCE_PROFILES, profiles::list);
    on.on(LIST_INSTANCE_PROFILES_FOR_ROLE, profiles::listForRole);
    on.on(ADD_ROLE_TO_INSTANCE_PROFILE, profiles::addRole);
    on.on(REMOVE_ROLE_FROM_INSTANCE_PROFILE, profiles::removeRole);
    on.on(DELETE_INSTANCE_PROFILE, profiles::delete);

    on.on(PUT_USER_PERMISSIONS_BOUNDARY, boundaries::putUser);
    on.on(DELETE_USER_PERMISSIONS_BOUNDARY, boundaries::deleteUser);
    on.on(PUT_ROLE_PERMISSIONS_BOUNDARY, boundaries::putRole);
    on.on(DELETE_ROLE_PERMISSIONS_BOUNDARY, boundaries::deleteRole);

    on.on(CREATE_OPEN_ID_CONNECT_PROVIDER, oidc::create);
    on.on(GET_OPEN_ID_CONNECT_PROVIDER, oidc::get);
    on.on(LIST_OPEN_ID_CONNECT_PROVIDERS, oidc::list);
    on.on(DELETE_OPEN_ID_CONNECT_PROVIDER, oidc::delete);
    on.on(ADD_CLIENT_ID_TO_OPEN_ID_CONNECT_PROVIDER, oidc::addClient);
    on.on(REMOVE_CLIENT_ID_FROM_OPEN_ID_CONNECT_PROVIDER, oidc::removeClient);
    on.on(UPDATE_OPEN_ID_CONNECT_PROVIDER_THUMBPRINT, oidc::setThumbprints);
    on.on(TAG_OPEN_ID_CONNECT_PROVIDER, oidc::tag);
    on.on(UNTAG_OPEN_ID_CONNECT_PROVIDER, oidc::untag);

    on.on(LIST_OPEN_ID_CONNECT_PROVIDER_TAGS, oidc::listTags);

    on.on(CREATE_VIRTUAL_MFA_DEVICE, mfa::create);
    on.on(DELETE_VIRTUAL_MFA_DEVICE, mfa::delete);
    on.on(ENABLE_MFA_DEVICE, mfa::enable);
    on.on(RESYNC_MFA_DEVICE, mfa::resync);
    on.on(DEACTIVATE_MFA_DEVICE, mfa::deactivate);
    on.on(GET_MFA_DEVICE, mfa::get);
    on.on(LIST_MFA_DEVICES, mfa::list);
    on.on(LIST_VIRTUAL_MFA_DEVICES, mfa::listVirtual);
    on.on(TAG_MFA_DEVICE, mfa::tag);
    on.on(UNTAG_MFA_DEVICE, mfa::untag);
    on.on(LIST_MFA_DEVICE_TAGS, mfa::listTags);

    on.on(UPLOAD_SSH_PUBLIC_KEY, sshKeys::upload);
    on.on(GET_SSH_PUBLIC_KEY, sshKeys::get);
    on.on(LIST_SSH_PUBLIC_KEYS, sshKeys::list);
    on.on(UPDATE_SSH_PUBLIC_KEY, sshKeys::update);
    on.on(DELETE_SSH_PUBLIC_KEY, sshKeys::delete);
    on.on(LIST_SIGNING_CERTIFICATES, users::certificates);

    on.on(CREATE_SERVICE_LINKED_ROLE, linked::create);
    on.on(DELETE_SERVICE_LINKED_ROLE, linked::delete);
    on.on(GET_SERVICE_LINKED_ROLE_DELETION_STATUS, linked::status);

    on.on(GET_ACCOUNT_SUMMARY, report::summary);
    on.on(GET_ACCOUNT_AUTHORIZATION_DETAILS, report::details);

    on.on(CREATE_ACCOUNT_ALIAS, settings::createAlias);
    on.on(DELETE_ACCOUNT_ALIAS, settings::deleteAlias);
    on.on(LIST_ACCOUNT_ALIASES, settings::listAliases);
    on.on(UPDATE_ACCOUNT_PASSWORD_POLICY, settings::updatePolicy);
    on.on(GET_ACCOUNT_PASSWORD_POLICY, settings::getPolicy);
    on.on(DELETE_ACCOUNT_PASSWORD_POLICY, settings::deletePolicy);
  }
}
