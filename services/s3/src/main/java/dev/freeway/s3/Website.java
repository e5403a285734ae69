package dev.freeway.s3;

import dev.freeway.platform.Call;
import dev.freeway.platform.HttpRoute;
import dev.freeway.platform.Peer;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Principal;
import dev.freeway.platform.Scope;
import dev.freeway.s3.WebsiteRules.Moved;
import dev.freeway.s3.api.GetObjectOutput;
import dev.freeway.s3.api.GetObjectRequest;
import dev.freeway.s3.api.S3Api;
import dev.freeway.s3.api.WebsiteConfiguration;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.Body;
import dev.freeway.wire.http.Headers;
import dev.freeway.wire.http.QueryString;
import dev.freeway.wire.http.WireRequest;
import dev.freeway.wire.http.WireResponse;
import dev.freeway.wire.model.TimestampFormat;
import dev.freeway.wire.protocol.Protocol;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Buckets as websites: `bucket.s3-website-us-east-1.localhost:4566`, or with a dot before the
/// region. Everybody may read here what the bucket's policy lets everybody read.
///
/// Sources: "Website endpoints", "Configuring an index document", "Configuring a custom error
/// document".
final class Website implements HttpRoute {
  private static final Pattern HOST =
      Pattern.compile(
          "(.+?)\\.s3-website[.-][a-z0-9-]+\\.(?:amazonaws\\.com|localhost)(?:\\.[a-z.]+)?(?::\\d+)?");

  private final Platform platform;
  private final Buckets buckets;
  private final Objects objects;
  private final ReadObject read;

  Website(Platform platform, Buckets buckets, Objects objects, ReadObject read) {
    this.platform = platform;
    this.buckets = buckets;
    this.objects = objects;
    this.read = read;
  }

  /// One request of a site's visitor.
  private record Visit(
      WireRequest request, Call call, Bucket bucket, WebsiteConfiguration site, String key) {
    boolean head() {
      return request.method().equals("HEAD");
    }
  }

  private static Matcher host(WireRequest request) {
    return HOST.matcher(request.headers().getOr("Host", "").toLowerCase(Locale.ROOT));
  }

  @Override
  public boolean matches(WireRequest request) {
    return request.headers().getOr("Host", "").contains(".s3-website") && host(request).matches();
  }

  @Override
  public boolean openToPages() {
    return true;
  }

  @Override
  public WireResponse handle(WireRequest request) {
    Matcher host = host(request);
    String name = host.matches() ? host.group(1) : "";
    try {
      return answer(visit(request, name));
    } catch (AwsException e) {
      return ErrorPage.of(e, request.method().equals("HEAD"));
    }
  }

  private Visit visit(WireRequest request, String name) {
    if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
      throw AwsException.of(
              "MethodNotAllowed", 405, "The specified method is not allowed against this resource.")
          .with("Method", request.method());
    }
    return platform
        .store()
        .read(
            tx -> {
              Bucket b = buckets.find(tx, name).orElseThrow(() -> S3Error.noSuchBucket(name));
              WebsiteConfiguration site =
                  BucketSettings.WEBSITE
                      .find(tx, name)
                      .orElseThrow(() -> BucketSettings.WEBSITE.missing(name));
              Call call =
                  platform
                      .background(new Scope(b.account(), b.region()), "s3")
                      .as(Principal.anonymous(b.account()))
                      .from(Peer.of(request.headers()));
              String key = QueryString.decode(request.rawPath().substring(1), false);
              return new Visit(request, call, b, site, key);
            });
  }

  private WireResponse answer(Visit v) {
    Optional<Moved> moved = WebsiteRules.moved(v.site, v.key, null);
    if (moved.isPresent()) {
      return redirect(moved.get());
    }
    String index = v.site.indexDocument() == null ? "" : v.site.indexDocument().suffix();
    boolean folder = v.key.isEmpty() || v.key.endsWith("/");
    try {
      return object(v, folder ? v.key + index : v.key);
    } catch (AwsException e) {
      if (e.status() == 404 && !folder && exists(v, v.key + "/" + index)) {
        return redirect(new Moved(302, "/" + QueryString.encode(v.key, true) + "/"));
      }
      if (e.status() < 400) {
        throw e;
      }
      return failed(v, e);
    }
  }

  private WireResponse failed(Visit v, AwsException e) {
    Optional<Moved> moved = WebsiteRules.moved(v.site, v.key, e.status());
    if (moved.isPresent()) {
      return redirect(moved.get());
    }
    if (v.site.errorDocument() == null) {
      throw e;
    }
    try {
      WireResponse page = object(v, v.site.errorDocument().key());
      return new WireResponse(e.status(), page.headers(), page.body());
    } catch (AwsException missing) {
      throw e;
    }
  }

  private boolean exists(Visit v, String key) {
    return platform
        .store()
        .read(tx -> objects.find(tx, v.bucket.name(), key, null))
        .filter(o -> !o.deleteMarker())
        .isPresent();
  }

  private WireResponse object(Visit v, String key) {
    permit(v, "s3:GetObject", "/" + key);
    WireRequest r = v.request;
    GetObjectRequest ask =
        GetObjectRequest.builder()
            .bucket(v.bucket.name())
            .key(key)
            .range(r.headers().get("Range"))
            .ifMatch(r.headers().get("If-Match"))
            .ifNoneMatch(r.headers().get("If-None-Match"))
            .ifModifiedSince(date(r.headers().get("If-Modified-Since")))
            .ifUnmodifiedSince(date(r.headers().get("If-Unmodified-Since")))
            .build();
    GetObjectOutput found;
    try {
      found = v.head() ? read.head(v.call, ask) : read.get(v.call, ask);
    } catch (AwsException e) {
      if (e.status() == 404) {
        // Who may not list learns nothing of what is not there.
        permit(v, "s3:ListBucket", "");
      }
      throw e;
    }
    if (found.websiteRedirectLocation() != null) {
      return redirect(new Moved(301, found.websiteRedirectLocation()));
    }
    return Protocol.named("rest-xml")
        .encode(
            java.util.Objects.requireNonNull(S3Api.model().operation("GetObject")),
            found,
            v.call.requestId());
  }

  private void permit(Visit v, String action, String path) {
    try {
      platform.authorizer().get().authorize(v.call, action, v.bucket.arn() + path, Map.of());
    } catch (AwsException e) {
      throw S3Error.accessDenied();
    }
  }

  private static WireResponse redirect(Moved to) {
    return new WireResponse(
        to.status(), Headers.of("Location", to.location()), Body.of(new byte[0]));
  }

  /// A date that is none is as if it were not there (RFC 9110, 13.1.3).
  private static @Nullable Instant date(@Nullable String header) {
    try {
      return header == null ? null : TimestampFormat.HTTP_DATE.read(header);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
