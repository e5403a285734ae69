package dev.freeway.ecr.scan;

import java.io.IOException;
import java.io.InputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/// Packages of Red Hat and its like: rpm's SQLite database. Each row is a package's header: a count
/// of entries, a count of bytes, the entries (tag, type, offset, count), the bytes.
final class RpmReader implements PackageReader {
  private static final int NAME = 1000;
  private static final int VERSION = 1001;
  private static final int RELEASE = 1002;
  private static final int EPOCH = 1003;
  private static final int ARCH = 1022;

  @Override
  public boolean reads(String path) {
    return path.matches("(var/lib/rpm|usr/lib/sysimage/rpm)/(rpmdb\\.sqlite|Packages(\\.db)?)");
  }

  @Override
  public List<FoundPackage> read(String path, InputStream content) throws IOException {
    if (!path.endsWith("rpmdb.sqlite")) {
      throw new IOException(
          "rpm's database is in the form of BerkeleyDB or NDB, only SQLite is read");
    }
    Path file = Files.createTempFile("rpmdb", ".sqlite");
    try {
      Files.copy(content, file, StandardCopyOption.REPLACE_EXISTING);
      return packages(file);
    } finally {
      Files.delete(file);
    }
  }

  private static List<FoundPackage> packages(Path file) throws IOException {
    List<FoundPackage> found = new ArrayList<>();
    // Immutable: the database is in the mode that would want a second file beside it.
    try (Connection db =
            DriverManager.getConnection("jdbc:sqlite:" + file.toUri() + "?immutable=1");
        Statement statement = db.createStatement();
        ResultSet rows = statement.executeQuery("SELECT blob FROM Packages")) {
      while (rows.next()) {
        byte[] blob = rows.getBytes(1);
        FoundPackage one = header(ByteBuffer.wrap(blob == null ? new byte[0] : blob));
        // Keys are kept as if they were packages.
        if (!one.name().equals("gpg-pubkey")) {
          found.add(one);
        }
      }
    } catch (SQLException
        | BufferUnderflowException
        | IndexOutOfBoundsException
        | IllegalArgumentException e) {
      throw new IOException("rpm's database is damaged: " + e.getMessage(), e);
    }
    return found;
  }

  private static FoundPackage header(ByteBuffer blob) {
    int entries = blob.getInt();
    int bytes = blob.getInt();
    if (entries < 0 || entries > 1 << 16 || bytes < 0) {
      throw new IllegalArgumentException("a header of " + entries + " entries");
    }
    int data = 8 + 16 * entries;
    String name = "";
    String version = "";
    String release = "";
    String arch = "";
    int epoch = 0;
    for (int i = 0; i < entries; i++) {
      int tag = blob.getInt(8 + 16 * i);
      int at = data + blob.getInt(8 + 16 * i + 8);
      switch (tag) {
        case NAME -> name = text(blob, at);
        case VERSION -> version = text(blob, at);
        case RELEASE -> release = text(blob, at);
        case ARCH -> arch = text(blob, at);
        case EPOCH -> epoch = blob.getInt(at);
        default -> {
          // Of no interest here.
        }
      }
    }
    String whole = (epoch == 0 ? "" : epoch + ":") + version + "-" + release;
    return FoundPackage.ofSystem(name, whole, name, whole, arch);
  }

  private static String text(ByteBuffer blob, int at) {
    int end = at;
    while (blob.get(end) != 0) {
      end++;
    }
    byte[] bytes = new byte[end - at];
    blob.get(at, bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
