package dev.freeway.containers.image;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/// The three calls of the C library that layers need and Java lacks: device nodes and extended
/// attributes.
final class Linux {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final MethodHandle MKNOD =
      function(
          "mknod",
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_LONG));
  private static final MethodHandle SET =
      function(
          "lsetxattr",
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.ADDRESS,
              ValueLayout.ADDRESS,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_INT));
  private static final MethodHandle GET =
      function(
          "lgetxattr",
          FunctionDescriptor.of(
              ValueLayout.JAVA_LONG,
              ValueLayout.ADDRESS,
              ValueLayout.ADDRESS,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_LONG));

  static final int CHARACTER_DEVICE = 0020000;
  static final int BLOCK_DEVICE = 0060000;
  static final int PIPE = 0010000;

  private Linux() {}

  @SuppressWarnings("restricted")
  private static MethodHandle function(String name, FunctionDescriptor type) {
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type);
  }

  static void makeNode(Path path, int kindAndMode, int major, int minor) throws IOException {
    long device = (long) (major & 0xfff) << 8 | minor & 0xff | (long) (minor & ~0xff) << 12;
    try (var arena = Arena.ofConfined()) {
      int result =
          (int) MKNOD.invokeExact(arena.allocateFrom(path.toString()), kindAndMode, device);
      if (result != 0) {
        throw new IOException("cannot make the device " + path + ": root is needed");
      }
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  static void setAttribute(Path path, String name, byte[] value) throws IOException {
    try (var arena = Arena.ofConfined()) {
      var bytes = arena.allocate(Math.max(1, value.length));
      MemorySegment.copy(value, 0, bytes, ValueLayout.JAVA_BYTE, 0, value.length);
      int result =
          (int)
              SET.invokeExact(
                  arena.allocateFrom(path.toString()),
                  arena.allocateFrom(name),
                  bytes,
                  (long) value.length,
                  0);
      if (result != 0) {
        throw new IOException("cannot set the attribute " + name + " of " + path);
      }
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  static Optional<byte[]> attribute(Path path, String name) {
    try (var arena = Arena.ofConfined()) {
      var bytes = arena.allocate(4096);
      long length =
          (long)
              GET.invokeExact(
                  arena.allocateFrom(path.toString(), StandardCharsets.UTF_8),
                  arena.allocateFrom(name),
                  bytes,
                  4096L);
      return length < 0
          ? Optional.empty()
          : Optional.of(bytes.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE));
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
