package dev.freeway.containers.build;

import java.io.IOException;
import java.nio.file.Files;

/// A user and group by number, found from what `--chown` says.
record Owner(int uid, int gid) {
  static final Owner ROOT = new Owner(0, 0);

  /// @param text `user`, `uid`, `user:group` or `uid:gid`; names are looked up in the image
  static Owner find(String text, Tree image, Instruction instruction)
      throws IOException, BuildFailure {
    var parts = text.split(":", 2);
    int uid = number(parts[0], "etc/passwd", 2, image, instruction);
    if (parts.length == 2) {
      return new Owner(uid, number(parts[1], "etc/group", 2, image, instruction));
    }
    // As engines do: a bare number is both; a bare name brings its group.
    return new Owner(
        uid,
        parts[0].matches("\\d+") ? uid : number(parts[0], "etc/passwd", 3, image, instruction));
  }

  private static int number(
      String name, String file, int field, Tree image, Instruction instruction)
      throws IOException, BuildFailure {
    if (name.matches("\\d{1,9}")) {
      return Integer.parseInt(name);
    }
    var real = image.find(image.resolve(file));
    if (real != null) {
      for (var line : Files.readAllLines(real)) {
        var fields = line.split(":");
        if (fields.length > field && fields[0].equals(name)) {
          return Integer.parseInt(fields[field]);
        }
      }
    }
    throw instruction.failure("there is no " + name + " in /" + file + " of the image");
  }
}
