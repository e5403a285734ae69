package dev.freeway.secretsmanager;

import dev.freeway.platform.Call;
import dev.freeway.platform.Handler;
import dev.freeway.secretsmanager.api.GetRandomPasswordRequest;
import dev.freeway.secretsmanager.api.GetRandomPasswordResponse;
import dev.freeway.secretsmanager.api.SecretsmanagerErrors;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A password of the kinds of characters asked for.
final class RandomPassword implements Handler<GetRandomPasswordRequest, GetRandomPasswordResponse> {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String LOWER = "abcdefghijklmnopqrstuvwxyz";
  private static final String UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  private static final String DIGITS = "0123456789";
  private static final String PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";
  private static final int LENGTH = 32;

  @Override
  public GetRandomPasswordResponse handle(Call call, GetRandomPasswordRequest in) {
    int length = in.passwordLength() == null ? LENGTH : in.passwordLength().intValue();
    List<String> kinds = new ArrayList<>();
    add(kinds, LOWER, in.excludeLowercase(), in);
    add(kinds, UPPER, in.excludeUppercase(), in);
    add(kinds, DIGITS, in.excludeNumbers(), in);
    add(kinds, PUNCTUATION, in.excludePunctuation(), in);
    add(kinds, " ", !Boolean.TRUE.equals(in.includeSpace()), in);
    if (kinds.isEmpty()) {
      throw SecretsmanagerErrors.invalidParameterException(
          "No characters are left to make a password of.");
    }
    boolean each = !Boolean.FALSE.equals(in.requireEachIncludedType());
    if (each && length < kinds.size()) {
      throw SecretsmanagerErrors.invalidParameterException(
          "Password length must be at least "
              + kinds.size()
              + " to have each included type of character.");
    }
    return new GetRandomPasswordResponse(password(kinds, length, each));
  }

  private static void add(
      List<String> kinds, String kind, @Nullable Boolean excluded, GetRandomPasswordRequest in) {
    if (Boolean.TRUE.equals(excluded)) {
      return;
    }
    String without = in.excludeCharacters() == null ? "" : in.excludeCharacters();
    String left =
        kind.chars()
            .filter(c -> without.indexOf(c) < 0)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
    if (!left.isEmpty()) {
      kinds.add(left);
    }
  }

  private static String password(List<String> kinds, int length, boolean each) {
    String all = String.join("", kinds);
    List<Character> chosen = new ArrayList<>();
    if (each) {
      kinds.forEach(k -> chosen.add(k.charAt(RANDOM.nextInt(k.length()))));
    }
    while (chosen.size() < length) {
      chosen.add(all.charAt(RANDOM.nextInt(all.length())));
    }
    Collections.shuffle(chosen, RANDOM);
    StringBuilder text = new StringBuilder();
    chosen.forEach(text::append);
    return text.toString();
  }
}
