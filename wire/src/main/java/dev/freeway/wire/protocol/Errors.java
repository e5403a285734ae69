package dev.freeway.wire.protocol;

import dev.freeway.wire.model.Member;
import dev.freeway.wire.model.ServiceModel;
import dev.freeway.wire.model.StructureShape;
import org.jspecify.annotations.Nullable;

/// Where an error's message goes: models spell the member `message` or `Message`.
final class Errors {
  private Errors() {}

  static String messageField(@Nullable ServiceModel service, String code) {
    StructureShape shape = service == null ? null : service.error(code);
    if (shape != null) {
      for (Member m : shape.members()) {
        if (m.wireName().equalsIgnoreCase("message")) {
          return m.wireName();
        }
      }
    }
    return "message";
  }
}
