package dev.freeway.s3;

import dev.freeway.s3.api.Condition;
import dev.freeway.s3.api.IndexDocument;
import dev.freeway.s3.api.Redirect;
import dev.freeway.s3.api.RoutingRule;
import dev.freeway.s3.api.WebsiteConfiguration;
import dev.freeway.wire.http.QueryString;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a website configuration means.
///
/// Sources: "Hosting a static website using Amazon S3", "Configuring a webpage redirect".
final class WebsiteRules {
  private static final int MOST = 50;

  /// @param location an absolute address, or a path on the same site
  record Moved(int status, String location) {}

  private WebsiteRules() {}

  /// The configuration, if it is one S3 takes.
  static WebsiteConfiguration checked(WebsiteConfiguration w) {
    boolean more = w.indexDocument() != null || w.errorDocument() != null;
    if (w.redirectAllRequestsTo() != null && (more || w.routingRules() != null)) {
      throw S3Error.invalidRequest(
          "RedirectAllRequestsTo cannot be provided in conjunction with other Routing Rules");
    }
    if (w.redirectAllRequestsTo() == null) {
      index(w.indexDocument());
    }
    List<RoutingRule> rules = rules(w);
    if (rules.size() > MOST) {
      throw S3Error.invalidRequest(
          rules.size()
              + " routing rules provided, the number of routing rules in a website configuration is limited to "
              + MOST
              + ".");
    }
    rules.forEach(WebsiteRules::check);
    return w;
  }

  private static void index(@Nullable IndexDocument index) {
    if (index == null) {
      throw S3Error.invalidArgument(
          "A value for IndexDocument Suffix must be provided if RedirectAllRequestsTo is empty",
          "IndexDocument",
          "null");
    }
    if (index.suffix().isEmpty() || index.suffix().contains("/")) {
      throw S3Error.invalidArgument(
          "The IndexDocument Suffix is not well formed", "IndexDocument", index.suffix());
    }
  }

  private static void check(RoutingRule rule) {
    Redirect r = rule.redirect();
    if (r.replaceKeyPrefixWith() != null && r.replaceKeyWith() != null) {
      throw S3Error.invalidRequest(
          "You can only define ReplaceKeyPrefix or ReplaceKey but not both.");
    }
    String code = r.httpRedirectCode();
    if (code != null && !code.matches("3(0[1-9]|[1-9][0-9])")) {
      throw S3Error.invalidRequest(
          "The provided HTTP redirect code ("
              + code
              + ") is not valid. Valid codes are 3XX except 300.");
    }
    Condition c = rule.condition();
    String error = c == null ? null : c.httpErrorCodeReturnedEquals();
    if (error != null && !error.matches("[45][0-9][0-9]")) {
      throw S3Error.invalidRequest(
          "The provided HTTP error code (" + error + ") is not valid. Valid codes are 4XX or 5XX.");
    }
  }

  private static List<RoutingRule> rules(WebsiteConfiguration w) {
    return w.routingRules() == null ? List.of() : w.routingRules();
  }

  /// Where a request is sent before an object is looked for (`error` null), or when that failed.
  static Optional<Moved> moved(WebsiteConfiguration w, String key, @Nullable Integer error) {
    if (w.redirectAllRequestsTo() != null) {
      var all = w.redirectAllRequestsTo();
      return Optional.of(
          new Moved(301, scheme(all.protocol()) + all.hostName() + "/" + encoded(key)));
    }
    for (RoutingRule rule : rules(w)) {
      Condition c = rule.condition();
      String prefix = c == null || c.keyPrefixEquals() == null ? "" : c.keyPrefixEquals();
      String code = c == null ? null : c.httpErrorCodeReturnedEquals();
      boolean now = code == null ? error == null : code.equals(String.valueOf(error));
      if (now && key.startsWith(prefix)) {
        return Optional.of(follow(rule.redirect(), prefix, key));
      }
    }
    return Optional.empty();
  }

  private static Moved follow(Redirect r, String prefix, String key) {
    String to = key;
    if (r.replaceKeyWith() != null) {
      to = r.replaceKeyWith();
    } else if (r.replaceKeyPrefixWith() != null) {
      to = r.replaceKeyPrefixWith() + key.substring(prefix.length());
    }
    String host = r.hostName() == null ? "" : scheme(r.protocol()) + r.hostName();
    int status = r.httpRedirectCode() == null ? 301 : Integer.parseInt(r.httpRedirectCode());
    return new Moved(status, host + "/" + encoded(to));
  }

  private static String scheme(@Nullable String protocol) {
    return (protocol == null ? "http" : protocol) + "://";
  }

  private static String encoded(String key) {
    return QueryString.encode(key, true);
  }
}
