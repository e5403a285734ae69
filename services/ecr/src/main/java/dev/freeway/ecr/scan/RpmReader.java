package dev.freeway.ecr.scan;

import java.io.IOException;
import java.io.InputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/// Packages of Red Hat and its like: rpm's database, of today (SQLite) and until 2020 (Berkeley
/// DB). NDB, openSUSE's form, is not read.
final class RpmReader implements PackageReader {
  // Berkeley DB also keeps a counter among the packages.
  private static final int LEAST = 16;

  @Override
  public boolean reads(String path) {
    return path.matches("(var/lib/rpm|usr/lib/sysimage/rpm)/(rpmdb\\.sqlite|Packages(\\.db)?)");
  }

  @Override
  public List<FoundPackage> read(String path, InputStream content) throws IOException {
    byte[] file = PackageReader.all(content);
    List<FoundPackage> found = new ArrayList<>();
    try {
      for (byte[] header : headers(path, file)) {
        FoundPackage one = RpmHeader.parse(ByteBuffer.wrap(header));
        if (!RpmHeader.isKey(one)) {
          found.add(one);
        }
      }
    } catch (SQLException
        | BufferUnderflowException
        | IndexOutOfBoundsException
        | NegativeArraySizeException
        | IllegalArgumentException e) {
      throw new IOException("rpm's database is damaged: " + e.getMessage(), e);
    }
    return found;
  }

  private static List<byte[]> headers(String path, byte[] file) throws IOException, SQLException {
    if (path.endsWith(".sqlite")) {
      return rows(file);
    }
    if (BerkeleyHash.is(file)) {
      return BerkeleyHash.values(file).stream().filter(v -> v.length >= LEAST).toList();
    }
    throw new IOException(
        "rpm's database is in none of the forms that are read: SQLite, Berkeley DB");
  }

  private static List<byte[]> rows(byte[] content) throws IOException, SQLException {
    Path file = Files.createTempFile("rpmdb", ".sqlite");
    try {
      Files.write(file, content);
      List<byte[]> all = new ArrayList<>();
      // Immutable: the database is in the mode that would want a second file beside it.
      try (Connection db =
              DriverManager.getConnection("jdbc:sqlite:" + file.toUri() + "?immutable=1");
          Statement statement = db.createStatement();
          ResultSet rows = statement.executeQuery("SELECT blob FROM Packages")) {
        while (rows.next()) {
          byte[] blob = rows.getBytes(1);
          all.add(blob == null ? new byte[0] : blob);
        }
      }
      return all;
    } finally {
      Files.delete(file);
    }
  }
}
