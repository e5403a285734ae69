package dev.freeway.lambda.java;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.net.HttpURLConnection;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/// A function's handler: the method of a class, in a class loader of the function's own.
final class Entry {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_PROPERTIES).build();

  private final @Nullable Object instance;
  private final Method method;
  private final ClassLoader loader;

  private Entry(@Nullable Object instance, Method method, ClassLoader loader) {
    this.instance = instance;
    this.method = method;
    this.loader = loader;
  }

  static Entry load(String handler) throws Throwable {
    ClassLoader loader =
        new URLClassLoader(places().toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    Thread.currentThread().setContextClassLoader(loader);
    int colons = handler.indexOf("::");
    String name = colons < 0 ? handler : handler.substring(0, colons);
    String method = colons < 0 ? "handleRequest" : handler.substring(colons + 2);
    Class<?> type = Class.forName(name, true, loader);
    Method found = find(type, method);
    try {
      Object instance =
          Modifier.isStatic(found.getModifiers())
              ? null
              : type.getDeclaredConstructor().newInstance();
      return new Entry(instance, found, loader);
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }

  private static List<URL> places() throws IOException {
    List<URL> all = new ArrayList<>();
    all.add(Path.of("/var/task/").toUri().toURL());
    for (String folder : List.of("/var/task/lib", "/opt/java/lib")) {
      Path path = Path.of(folder);
      if (Files.isDirectory(path)) {
        try (Stream<Path> jars = Files.list(path)) {
          for (Path jar : jars.filter(p -> p.toString().endsWith(".jar")).sorted().toList()) {
            all.add(jar.toUri().toURL());
          }
        }
      }
    }
    return all;
  }

  /// The one with most parameters; what the compiler made for an interface's generic type is none.
  private static Method find(Class<?> type, String name) throws NoSuchMethodException {
    Method best = null;
    for (Method m : type.getMethods()) {
      if (m.getName().equals(name)
          && !m.isBridge()
          && (best == null || m.getParameterCount() > best.getParameterCount())) {
        best = m;
      }
    }
    if (best == null) {
      throw new NoSuchMethodException(
          "No public method named "
              + name
              + " with appropriate method signature found on class "
              + type.getName());
    }
    return best;
  }

  byte[] call(InputStream event, HttpURLConnection about) throws Throwable {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Type[] types = method.getGenericParameterTypes();
    Object[] given = new Object[types.length];
    boolean streams = false;
    for (int i = 0; i < given.length; i++) {
      Class<?> raw = method.getParameterTypes()[i];
      if (raw == InputStream.class) {
        given[i] = event;
      } else if (raw == OutputStream.class) {
        given[i] = out;
        streams = true;
      } else if (raw.getName().equals("com.amazonaws.services.lambda.runtime.Context")) {
        given[i] = ContextProxy.of(raw, loader, about);
      } else {
        given[i] =
            JSON.readValue(event.readAllBytes(), JSON.getTypeFactory().constructType(types[i]));
      }
    }
    try {
      Object result = method.invoke(instance, given);
      if (streams) {
        return out.toByteArray();
      }
      return method.getReturnType() == void.class
          ? "null".getBytes(StandardCharsets.UTF_8)
          : JSON.writeValueAsBytes(result);
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }
}
