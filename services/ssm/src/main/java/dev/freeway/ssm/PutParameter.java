package dev.freeway.ssm;

import dev.freeway.platform.Call;
import dev.freeway.platform.Handler;
import dev.freeway.ssm.api.PutParameterRequest;
import dev.freeway.ssm.api.PutParameterResult;
import dev.freeway.ssm.api.SsmErrors;
import dev.freeway.store.Store;
import dev.freeway.wire.AwsException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// Creates a parameter or adds a version to it.
final class PutParameter implements Handler<PutParameterRequest, PutParameterResult> {
  private static final Pattern NAME = Pattern.compile("/?[a-zA-Z0-9_.-]+(/[a-zA-Z0-9_.-]+)*");
  private static final int STANDARD_BYTES = 4096;
  private static final int ADVANCED_BYTES = 8192;
  private static final int MAX_DEPTH = 15;

  private final Store store;
  private final Parameters parameters;
  private final SecureValue secure;

  PutParameter(Store store, Parameters parameters, SecureValue secure) {
    this.secure = secure;
    this.store = store;
    this.parameters = parameters;
  }

  @Override
  public PutParameterResult handle(Call call, PutParameterRequest in) {
    checkName(in.name());
    checkPattern(in);
    String tier = tier(in);
    boolean secret = isSecret(call, in);
    String arn = StoredParameter.arn(call, in.name());
    String value = secret ? secure.seal(call, arn, keyId(in), tier, in.value()) : in.value();
    return store.write(
        tx -> {
          Optional<StoredParameter> before = parameters.find(tx, call, in.name());
          if (before.isPresent() && !Boolean.TRUE.equals(in.overwrite())) {
            throw SsmErrors.parameterAlreadyExists(
                "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.");
          }
          if (before.isPresent() && in.tags() != null && !in.tags().isEmpty()) {
            throw AwsException.client(
                "ValidationException",
                "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource.");
          }
          StoredParameter.Version version = version(call, in, tier, value, secret, before);
          if (before.isPresent()) {
            parameters.saveNext(tx, call, before.get(), version);
          } else {
            parameters.save(tx, call, new StoredParameter(in.name(), version, tags(in)));
          }
          return PutParameterResult.builder()
              .version(version.number())
              .tier(version.tier())
              .build();
        });
  }

  private static StoredParameter.Version version(
      Call call,
      PutParameterRequest in,
      String tier,
      String value,
      boolean secret,
      Optional<StoredParameter> before) {
    String type = in.type() != null ? in.type() : before.map(p -> p.latest().type()).orElse(null);
    if (type == null) {
      throw AwsException.client(
          "ValidationException", "A parameter type is required when you create a parameter.");
    }
    if (before.isPresent() && !before.get().latest().type().equals(type)) {
      throw SsmErrors.hierarchyTypeMismatchException(
          "The parameter type can't be changed from "
              + before.get().latest().type()
              + " to "
              + type
              + ".");
    }
    if (type.equals("SecureString") != secret) {
      // Somebody else made it, as another type, since we looked.
      throw SsmErrors.tooManyUpdates("The parameter was changed at the same time. Try again.");
    }
    String keyId = secret ? keyId(in) : null;
    long number = before.map(p -> p.latest().number()).orElse(0L) + 1;
    return new StoredParameter.Version(
        number,
        type,
        value,
        keyId,
        in.description(),
        in.allowedPattern(),
        tier,
        in.dataType() == null ? "text" : in.dataType(),
        List.of(),
        call.at(),
        call.principal().arn(),
        secret);
  }

  private static String keyId(PutParameterRequest in) {
    return in.keyId() == null ? "alias/aws/ssm" : in.keyId();
  }

  private boolean isSecret(Call call, PutParameterRequest in) {
    String type =
        in.type() != null
            ? in.type()
            : store
                .read(tx -> parameters.find(tx, call, in.name()))
                .map(p -> p.latest().type())
                .orElse("");
    return type.equals("SecureString");
  }

  private static void checkName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw AwsException.client(
          "ValidationException",
          "Parameter name: can't be prefixed with \"ssm\" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_");
    }
    String first = name.startsWith("/") ? name.substring(1) : name;
    String lower = first.toLowerCase(java.util.Locale.ROOT);
    if (lower.startsWith("aws")) {
      throw AwsException.client(
          "AccessDeniedException", "No access to reserved parameter name: " + name + ".");
    }
    if (lower.startsWith("ssm")) {
      throw AwsException.client(
          "ValidationException",
          "Parameter name: can't be prefixed with \"ssm\" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_");
    }
    if (name.startsWith("/") && name.chars().filter(c -> c == '/').count() > MAX_DEPTH) {
      throw SsmErrors.hierarchyLevelLimitExceededException(
          "A hierarchy can have a maximum of 15 levels. For more information, see Requirements and constraints for parameter names.");
    }
  }

  private static void checkPattern(PutParameterRequest in) {
    if (in.allowedPattern() == null || in.allowedPattern().isEmpty()) {
      return;
    }
    try {
      if (!Pattern.matches(in.allowedPattern(), in.value())) {
        throw SsmErrors.parameterPatternMismatchException(
            "Parameter value, cannot be validated against allowedPattern: " + in.allowedPattern());
      }
    } catch (PatternSyntaxException e) {
      throw SsmErrors.invalidAllowedPatternException(
          "The request does not meet the regular expression requirement.");
    }
  }

  private static String tier(PutParameterRequest in) {
    int bytes = in.value().getBytes(StandardCharsets.UTF_8).length;
    String asked = in.tier() == null ? "Standard" : in.tier();
    boolean advanced =
        asked.equals("Advanced") || asked.equals("Intelligent-Tiering") && bytes > STANDARD_BYTES;
    if (bytes > (advanced ? ADVANCED_BYTES : STANDARD_BYTES)) {
      throw AwsException.client(
          "ValidationException",
          advanced
              ? "Advanced tier parameters support a maximum parameter value of 8192 characters."
              : "Standard tier parameters support a maximum parameter value of 4096 characters. To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier.");
    }
    return advanced ? "Advanced" : "Standard";
  }

  private static Map<String, String> tags(PutParameterRequest in) {
    Map<String, String> tags = new LinkedHashMap<>();
    if (in.tags() != null) {
      in.tags().forEach(t -> tags.put(t.key(), t.value()));
    }
    return tags;
  }
}
