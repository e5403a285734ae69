package dev.freeway.containers.image;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.Map;

/// One member of a tar archive.
///
/// @param name as written, `/` between parts
/// @param mode permission bits, with set-uid, set-gid and sticky
/// @param mtime seconds since 1970
/// @param link where a link points to, else empty
/// @param attributes extended attributes by name; values hold one byte per char
@RecordBuilder
public record TarEntry(
    String name,
    Type type,
    int mode,
    int uid,
    int gid,
    long size,
    long mtime,
    String link,
    int major,
    int minor,
    Map<String, String> attributes)
    implements TarEntryBuilder.With {
  public enum Type {
    FILE('0'),
    HARD_LINK('1'),
    SYMBOLIC_LINK('2'),
    CHARACTER_DEVICE('3'),
    BLOCK_DEVICE('4'),
    DIRECTORY('5'),
    PIPE('6');

    final char flag;

    Type(char flag) {
      this.flag = flag;
    }
  }

  public static TarEntry directory(String name, int mode, long mtime) {
    return new TarEntry(name, Type.DIRECTORY, mode, 0, 0, 0, mtime, "", 0, 0, Map.of());
  }

  public static TarEntry file(String name, int mode, long size, long mtime) {
    return new TarEntry(name, Type.FILE, mode, 0, 0, size, mtime, "", 0, 0, Map.of());
  }

  public static TarEntry symbolicLink(String name, String target, long mtime) {
    return new TarEntry(name, Type.SYMBOLIC_LINK, 0777, 0, 0, 0, mtime, target, 0, 0, Map.of());
  }

  public TarEntry ownedBy(int newUid, int newGid) {
    return with().uid(newUid).gid(newGid).build();
  }

  public TarEntry named(String newName) {
    return withName(newName);
  }
}
