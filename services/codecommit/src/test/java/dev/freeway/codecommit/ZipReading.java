package dev.freeway.codecommit;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/// Reads a zip with its Unix modes, for tests.
final class ZipReading {
  private ZipReading() {}

  /// `name mode content`, in the order of the file.
  static List<String> entries(byte[] zip) throws IOException {
    List<String> contents = new ArrayList<>();
    try (var in = new ZipInputStream(new ByteArrayInputStream(zip))) {
      for (ZipEntry e = in.getNextEntry(); e != null; e = in.getNextEntry()) {
        contents.add(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    ByteBuffer b = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
    int end = zip.length - 22;
    int count = b.getShort(end + 10);
    int at = b.getInt(end + 16);
    List<String> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int length = b.getShort(at + 28);
      String name = new String(zip, at + 46, length, StandardCharsets.UTF_8);
      int mode = b.getInt(at + 38) >>> 16;
      all.add(name + " " + Integer.toOctalString(mode) + " " + contents.get(i));
      at += 46 + length + b.getShort(at + 30);
    }
    return all;
  }
}
