package dev.freeway.codecommit;

import dev.freeway.codecommit.api.ReactionValueFormats;
import java.util.Optional;

/// The reactions a comment can get, each of which may be given as its graphic, its short code or
/// its code point.
enum Reaction {
  THUMBSUP(0x1F44D),
  THUMBSDOWN(0x1F44E),
  SMILE(0x1F604),
  HEART(0x2764),
  CONFUSED(0x1F615),
  EYES(0x1F440),
  TADA(0x1F389),
  ROCKET(0x1F680),
  CRY(0x1F622);

  private final int codePoint;

  Reaction(int codePoint) {
    this.codePoint = codePoint;
  }

  static Optional<Reaction> of(String given) {
    for (Reaction r : values()) {
      ReactionValueFormats f = r.formats();
      // Keyboards add a variation selector to some.
      if (given.equals(f.shortCode())
          || given.equalsIgnoreCase(f.unicode())
          || given.replace("\uFE0F", "").equals(f.emoji())) {
        return Optional.of(r);
      }
    }
    return Optional.empty();
  }

  String shortCode() {
    return ":" + name().toLowerCase(java.util.Locale.ROOT) + ":";
  }

  ReactionValueFormats formats() {
    return new ReactionValueFormats(
        Character.toString(codePoint),
        shortCode(),
        "U+" + Integer.toHexString(codePoint).toUpperCase(java.util.Locale.ROOT));
  }
}
