package dev.freeway.containers.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Objects;

/// What `stat` tells of a file, links not followed.
///
/// @param mode type and permissions
/// @param device of a device file
/// @param key the same for all names of one file
/// @param modified in seconds
public record UnixFacts(
    int mode, int uid, int gid, long size, long device, int links, Object key, long modified) {
  private static final int PERMISSIONS = 07777;
  private static final int TYPE = 0170000;

  public static UnixFacts of(Path file) throws IOException {
    Map<String, Object> all = Files.readAttributes(file, "unix:*", LinkOption.NOFOLLOW_LINKS);
    return new UnixFacts(
        get(all, "mode", Integer.class),
        get(all, "uid", Integer.class),
        get(all, "gid", Integer.class),
        get(all, "size", Long.class),
        get(all, "rdev", Long.class),
        get(all, "nlink", Integer.class),
        get(all, "fileKey", Object.class),
        get(all, "lastModifiedTime", FileTime.class).toMillis() / 1000);
  }

  private static <T> T get(Map<String, Object> all, String name, Class<T> type) {
    return type.cast(Objects.requireNonNull(all.get(name), name));
  }

  public int permissions() {
    return mode & PERMISSIONS;
  }

  public int type() {
    return mode & TYPE;
  }
}
