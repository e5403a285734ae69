package dev.freeway.iam;

import dev.freeway.iam.api.*;
import dev.freeway.platform.Call;
import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Store;
import dev.freeway.store.Table;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.Structure.Empty;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// OpenID Connect identity providers.
final class OidcProviders {
  /// @param url without its scheme
  record Provider(
      String url,
      List<String> clients,
      List<String> thumbprints,
      Instant created,
      Map<String, String> tags) {
    Provider withClients(List<String> all) {
      return new Provider(url, all, thumbprints, created, tags);
    }
  }

  private static final Table<Provider> TABLE = new Table<>("iam_oidc_providers", Provider.class);

  private final Store store;

  OidcProviders(Store store) {
    this.store = store;
  }

  CreateOpenIDConnectProviderResponse create(Call call, CreateOpenIDConnectProviderRequest in) {
    if (!in.url().startsWith("https://") || in.url().length() == "https://".length()) {
      throw AwsException.client("ValidationError", "Invalid Open ID Connect Provider URL");
    }
    String url = in.url().substring("https://".length());
    Provider fresh =
        new Provider(
            url,
            list(in.clientIDList()),
            list(in.thumbprintList()),
            Entities.now(call),
            TagSet.of(in.tags()));
    store.update(
        tx -> {
          if (!tx.insertIfAbsent(TABLE, Key.of(call.account(), arn(call, url)), fresh)) {
            throw IamErrors.entityAlreadyExistsException(
                "Provider with url https://" + url + " already exists.");
          }
        });
    return CreateOpenIDConnectProviderResponse.builder()
        .openIDConnectProviderArn(arn(call, url))
        .tags(fresh.tags.isEmpty() ? null : TagSet.view(fresh.tags))
        .build();
  }

  GetOpenIDConnectProviderResponse get(Call call, GetOpenIDConnectProviderRequest in) {
    Provider p =
        store
            .read(tx -> tx.get(TABLE, Key.of(call.account(), in.openIDConnectProviderArn())))
            .orElseThrow(() -> notFound(in.openIDConnectProviderArn()));
    return GetOpenIDConnectProviderResponse.builder()
        .url(p.url)
        .clientIDList(p.clients)
        .thumbprintList(p.thumbprints)
        .createDate(p.created)
        .tags(TagSet.view(p.tags))
        .build();
  }

  ListOpenIDConnectProvidersResponse list(Call call, ListOpenIDConnectProvidersRequest in) {
    var all =
        store.read(tx -> tx.scan(TABLE, Key.prefix(call.account()))).stream()
            .map(r -> new OpenIDConnectProviderListEntry(arn(call, r.value().url)))
            .toList();
    return ListOpenIDConnectProvidersResponse.builder().openIDConnectProviderList(all).build();
  }

  /// Deleting what is not there is no error.
  Empty delete(Call call, DeleteOpenIDConnectProviderRequest in) {
    store.update(tx -> tx.delete(TABLE, Key.of(call.account(), in.openIDConnectProviderArn())));
    return new Empty();
  }

  Empty addClient(Call call, AddClientIDToOpenIDConnectProviderRequest in) {
    return change(
        call,
        in.openIDConnectProviderArn(),
        p -> {
          List<String> all = new ArrayList<>(p.clients);
          if (!all.contains(in.clientID())) {
            all.add(in.clientID());
          }
          return p.withClients(all);
        });
  }

  Empty removeClient(Call call, RemoveClientIDFromOpenIDConnectProviderRequest in) {
    return change(
        call,
        in.openIDConnectProviderArn(),
        p -> p.withClients(p.clients.stream().filter(c -> !c.equals(in.clientID())).toList()));
  }

  Empty setThumbprints(Call call, UpdateOpenIDConnectProviderThumbprintRequest in) {
    return change(
        call,
        in.openIDConnectProviderArn(),
        p -> new Provider(p.url, p.clients, list(in.thumbprintList()), p.created, p.tags));
  }

  Empty tag(Call call, TagOpenIDConnectProviderRequest in) {
    return change(
        call,
        in.openIDConnectProviderArn(),
        p ->
            new Provider(
                p.url, p.clients, p.thumbprints, p.created, TagSet.merge(p.tags, in.tags())));
  }

  Empty untag(Call call, UntagOpenIDConnectProviderRequest in) {
    return change(
        call,
        in.openIDConnectProviderArn(),
        p ->
            new Provider(
                p.url, p.clients, p.thumbprints, p.created, TagSet.without(p.tags, in.tagKeys())));
  }

  ListOpenIDConnectProviderTagsResponse listTags(
      Call call, ListOpenIDConnectProviderTagsRequest in) {
    Provider p =
        store
            .read(tx -> tx.get(TABLE, Key.of(call.account(), in.openIDConnectProviderArn())))
            .orElseThrow(() -> notFound(in.openIDConnectProviderArn()));
    var page = Pages.of(TagSet.view(p.tags), Tag::key, in.marker(), in.maxItems());
    return ListOpenIDConnectProviderTagsResponse.builder()
        .tags(page.page().items())
        .isTruncated(page.truncated())
        .marker(page.marker())
        .build();
  }

  List<Provider> all(ReadTx tx, Call call) {
    return tx.scan(TABLE, Key.prefix(call.account())).stream().map(r -> r.value()).toList();
  }

  private Empty change(Call call, String arn, UnaryOperator<Provider> to) {
    store.update(
        tx -> {
          String key = Key.of(call.account(), arn);
          tx.put(TABLE, key, to.apply(tx.get(TABLE, key).orElseThrow(() -> notFound(arn))));
        });
    return new Empty();
  }

  private static AwsException notFound(String arn) {
    return IamErrors.noSuchEntityException("OpenIDConnect Provider not found for arn " + arn);
  }

  private static String arn(Call call, String url) {
    return "arn:aws:iam::" + call.account() + ":oidc-provider/" + url;
  }

  private static List<String> list(@Nullable List<String> given) {
    return given == null ? List.of() : given;
  }
}
