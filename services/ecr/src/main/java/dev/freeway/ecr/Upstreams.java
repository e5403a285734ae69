package dev.freeway.ecr;

import dev.freeway.containers.image.Credentials;
import dev.freeway.containers.image.Registries;
import dev.freeway.containers.image.Registry;
import dev.freeway.ecr.api.EcrErrors;
import dev.freeway.ecr.uses.secretsmanager.GetSecretValueRequest;
import dev.freeway.ecr.uses.secretsmanager.SecretsmanagerApi;
import dev.freeway.platform.Arn;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.wire.AwsException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The registries that caches stand in front of, and how to log in to them.
final class Upstreams {
  private static final Map<String, String> KNOWN =
      Map.of(
          "public.ecr.aws", "ecr-public",
          "registry-1.docker.io", "docker-hub",
          "quay.io", "quay",
          "registry.k8s.io", "k8s",
          "ghcr.io", "github-container-registry",
          "registry.gitlab.com", "gitlab-container-registry",
          "cgr.dev", "chainguard");
  private static final Set<String> WITH_CREDENTIALS =
      Set.of(
          "docker-hub",
          "github-container-registry",
          "gitlab-container-registry",
          "azure-container-registry",
          "chainguard");
  private static final String NEAR =
      "(localhost|127\\.\\d+\\.\\d+\\.\\d+|10\\.\\d+\\.\\d+\\.\\d+|192\\.168\\.\\d+\\.\\d+|\\[::1])(:\\d+)?";
  private static final String ECR =
      "\\d{12}\\.dkr\\.ecr\\.[a-z0-9-]+\\.(amazonaws\\.com|localhost(:\\d+)?)";

  private final Platform platform;
  private final Registries http = Registries.http();
  private final Registries own;
  private final Tokens tokens;

  /// @param own this system's registries under their names
  Upstreams(Platform platform, Registries own, Tokens tokens) {
    this.platform = platform;
    this.own = own;
    this.tokens = tokens;
  }

  /// ECR's word for a registry; null for one near by. Throws UnsupportedUpstreamRegistryException.
  @Nullable String word(String host, @Nullable String stated) {
    String found = KNOWN.get(host);
    if (found == null && host.matches("[a-z0-9]+\\.azurecr\\.io")) {
      found = "azure-container-registry";
    }
    if (found == null && host.matches(ECR)) {
      found = "ecr";
    }
    if (found == null && !host.matches(NEAR)) {
      throw EcrErrors.unsupportedUpstreamRegistryException(
          "The upstream registry '%s' is not supported".formatted(host));
    }
    if (found != null && stated != null && !found.equals(stated)) {
      throw EcrErrors.invalidParameterException(
          "Invalid parameter at 'upstreamRegistry' failed to satisfy constraint: '%s is not %s'"
              .formatted(host, stated));
    }
    return found == null ? stated : found;
  }

  static boolean wantsCredentials(@Nullable String word) {
    return word != null && WITH_CREDENTIALS.contains(word);
  }

  Registry of(Scope scope, StoredRule rule) {
    if (rule.host().matches(ECR)) {
      String token =
          tokens.issue(
              scope.account(),
              "arn:aws:iam::" + scope.account() + ":root",
              platform.clock().instant().plus(Duration.ofHours(1)));
      return own.at(rule.host(), new Credentials("AWS", token));
    }
    return http.at(rule.host(), credentials(scope, rule.credentialArn()).orElse(null));
  }

  /// Throws SecretNotFound, UnableToAccessSecret and UnableToDecryptSecretValue.
  Optional<Credentials> credentials(Scope scope, @Nullable String secretArn) {
    if (secretArn == null) {
      return Optional.empty();
    }
    Arn arn =
        Arn.parse(secretArn)
            .orElseThrow(
                () -> EcrErrors.secretNotFoundException("Not the ARN of a secret: " + secretArn));
    String text;
    try {
      text =
          platform
              .clients()
              .call(
                  platform.background(new Scope(arn.account(), arn.region()), "ecr"),
                  SecretsmanagerApi.GET_SECRET_VALUE,
                  GetSecretValueRequest.builder().secretId(secretArn).build())
              .secretString();
    } catch (AwsException e) {
      throw switch (e.code()) {
        case "ResourceNotFoundException" ->
            EcrErrors.secretNotFoundException(
                "The ARN of the secret specified in the pull through cache rule was not found: "
                    + secretArn);
        case "DecryptionFailure" -> EcrErrors.unableToDecryptSecretValueException(e.message());
        default -> EcrErrors.unableToAccessSecretException(e.message());
      };
    }
    try {
      JsonNode json = JsonMapper.shared().readTree(text == null ? "" : text);
      String user = json.path("username").asString("");
      String password = json.path("accessToken").asString("");
      if (!user.isEmpty() && !password.isEmpty()) {
        return Optional.of(new Credentials(user, password));
      }
    } catch (JacksonException e) {
      throw shape(scope);
    }
    throw shape(scope);
  }

  private static AwsException shape(Scope scope) {
    return EcrErrors.unableToAccessSecretException(
        "The secret of the registry %s must be JSON with username and accessToken"
            .formatted(scope.account()));
  }
}
