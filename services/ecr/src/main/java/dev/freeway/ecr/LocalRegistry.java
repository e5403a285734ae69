package dev.freeway.ecr;

import dev.freeway.containers.image.Credentials;
import dev.freeway.containers.image.Descriptor;
import dev.freeway.containers.image.Manifest;
import dev.freeway.containers.image.Reference;
import dev.freeway.containers.image.Registries;
import dev.freeway.containers.image.Registry;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.store.BlobWriter;
import dev.freeway.store.Digest;
import dev.freeway.wire.AwsException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The registry for the containers of this process: no HTTP, and layers are linked, not copied.
final class LocalRegistry implements Registry {
  private static final Pattern AWS =
      Pattern.compile("(\\d{12})\\.dkr\\.ecr\\.([a-z0-9-]+)\\.(amazonaws\\.com|localhost(:\\d+)?)");
  private static final Pattern HERE =
      Pattern.compile("(?:localhost|127\\.\\d+\\.\\d+\\.\\d+|host\\.freeway\\.internal):(\\d+)");
  private static final Pattern PLACED = Pattern.compile("(\\d{12})/([a-z0-9-]+)/(.+)");

  private final Platform platform;
  private final Admission admission;
  private final Repositories repositories;
  private final StoredImages images;
  private final Layers layers;
  private final Push push;
  private final Pulls pulls;
  private final Tokens tokens;

  /// Who uses it, or null for Freeway itself.
  private final @Nullable Credentials credentials;

  private final boolean trusted;

  LocalRegistry(
      Platform platform,
      Admission admission,
      Repositories repositories,
      StoredImages images,
      Layers layers,
      Push push,
      Pulls pulls,
      Tokens tokens,
      @Nullable Credentials credentials,
      boolean trusted) {
    this.platform = platform;
    this.admission = admission;
    this.repositories = repositories;
    this.images = images;
    this.layers = layers;
    this.push = push;
    this.pulls = pulls;
    this.tokens = tokens;
    this.credentials = credentials;
    this.trusted = trusted;
  }

  /// Registries as a build sees them: this one under its own names, with the token it logged in
  /// with; any other over HTTP.
  Registries registries() {
    Registries http = Registries.http();
    return (host, credentials) ->
        isOurs(host)
            ? new LocalRegistry(
                platform,
                admission,
                repositories,
                images,
                layers,
                push,
                pulls,
                tokens,
                credentials,
                false)
            : http.at(host, credentials);
  }

  private boolean isOurs(String host) {
    Matcher here = HERE.matcher(host);
    return AWS.matcher(host).matches()
        || here.matches() && Integer.parseInt(here.group(1)) == platform.settings().port();
  }

  private record Place(Scope scope, String name) {}

  private Optional<Place> place(Reference reference) {
    Matcher aws = AWS.matcher(reference.registry());
    if (aws.matches()) {
      return Optional.of(new Place(new Scope(aws.group(1), aws.group(2)), reference.repository()));
    }
    Matcher path = PLACED.matcher(reference.repository());
    return isOurs(reference.registry()) && path.matches()
        ? Optional.of(new Place(new Scope(path.group(1), path.group(2)), path.group(3)))
        : Optional.empty();
  }

  @Override
  public void check() throws IOException {
    holder();
  }

  private Optional<Tokens.Holder> holder() throws IOException {
    if (trusted) {
      return Optional.empty();
    }
    if (credentials == null || !credentials.user().equals("AWS")) {
      throw new IOException("no basic auth credentials: log in as AWS with an ECR token");
    }
    return Optional.of(
        tokens
            .verify(credentials.password())
            .orElseThrow(
                () ->
                    new IOException(
                        "denied: Your authorization token has expired. Reauthenticate and try again.")));
  }

  private StoredRepository repository(Reference reference, boolean reads) throws IOException {
    Optional<Tokens.Holder> holder = holder();
    Place place =
        place(reference)
            .orElseThrow(() -> new IOException(reference + " is not of the form of this registry"));
    try {
      return admission.admit(place.scope(), place.name(), holder.orElse(null), reads);
    } catch (AwsException e) {
      throw new IOException(
          (e.is("RepositoryNotFoundException") ? "name unknown: " : "denied: ") + e.message(), e);
    }
  }

  @Override
  public Optional<Manifest> resolve(Reference reference) throws IOException {
    Optional<Place> place = place(reference);
    if (place.isEmpty()) {
      return Optional.empty();
    }
    admission.pulling(
        place.get().scope(), place.get().name(), reference.version(), holder().orElse(null));
    boolean exists =
        platform
            .store()
            .read(tx -> repositories.find(tx, place.get().scope(), place.get().name()))
            .isPresent();
    if (!exists) {
      return Optional.empty();
    }
    StoredRepository in = repository(reference, true);
    Optional<StoredImage> image =
        platform.store().read(tx -> images.find(tx, in, reference.version()));
    if (image.filter(StoredImage::archived).isPresent()) {
      throw new IOException("denied: the image is archived: restore it to pull it");
    }
    Optional<Tokens.Holder> puller = holder();
    image.ifPresent(
        i -> pulls.note(in, i.digest(), puller.map(Tokens.Holder::principal).orElse("")));
    return image.map(i -> new Manifest(i.mediaType(), i.manifest()));
  }

  @Override
  public InputStream blob(Reference reference, String digest) throws IOException {
    require(reference, digest);
    return platform.blobs().open(Layers.blobId(digest));
  }

  @Override
  public Optional<Path> file(Reference reference, String digest) throws IOException {
    require(reference, digest);
    return Optional.of(platform.blobs().path(Layers.blobId(digest)));
  }

  private void require(Reference reference, String digest) throws IOException {
    if (!hasBlob(reference, digest)) {
      throw new IOException("blob unknown to registry: " + digest);
    }
  }

  @Override
  public boolean hasBlob(Reference reference, String digest) throws IOException {
    StoredRepository in = repository(reference, true);
    Optional<StoredLayer> layer = platform.store().read(tx -> layers.find(tx, in, digest));
    layer.ifPresent(l -> layers.touch(in, l));
    return layer.isPresent();
  }

  @Override
  public void putBlob(Reference reference, Descriptor blob, InputStream content)
      throws IOException {
    StoredRepository in = repository(reference, false);
    try (BlobWriter writer = platform.blobs().create(Digest.SHA256)) {
      content.transferTo(writer);
      layers.commit(in, writer, blob.digest());
    }
  }

  @Override
  public void putManifest(Reference reference, Manifest manifest) throws IOException {
    StoredRepository in = repository(reference, false);
    try {
      push.put(
          in.scope(),
          in.name(),
          ManifestDocument.parse(manifest.bytes(), manifest.mediaType()),
          reference.tag(),
          Push.Cause.CLIENT);
    } catch (ManifestDocument.Invalid e) {
      throw new IOException("manifest invalid: " + e.getMessage(), e);
    } catch (AwsException e) {
      throw new IOException(e.message(), e);
    }
  }
}
