package dev.freeway.wire.protocol;

import dev.freeway.wire.AwsException;
import dev.freeway.wire.Structure;
import dev.freeway.wire.model.JavaNames;
import dev.freeway.wire.model.StructureShape;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Makes structures from decoded members.
@FunctionalInterface
public interface Instances {
  Structure create(StructureShape shape, @Nullable Object[] members);

  /// The generated records of a package. A record's constructor is looked up once.
  static Instances recordsOf(String packageName, ClassLoader loader) {
    ConcurrentHashMap<String, Constructor<?>> constructors = new ConcurrentHashMap<>();
    return (shape, members) -> {
      if (shape.name().equals("Unit")) {
        return new Structure.Empty();
      }
      Constructor<?> constructor =
          constructors.computeIfAbsent(
              shape.name(),
              name -> {
                try {
                  return loader.loadClass(packageName + "." + JavaNames.className(name))
                      .getDeclaredConstructors()[0];
                } catch (ClassNotFoundException e) {
                  throw new IllegalStateException("no generated type for " + name, e);
                }
              });
      try {
        return (Structure) constructor.newInstance(members);
      } catch (InvocationTargetException e) {
        if (e.getCause() instanceof AwsException aws) {
          throw aws;
        }
        throw new IllegalStateException(e.getCause());
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(e);
      }
    };
  }

  static Instances recordsOf(Class<?> besideIn) {
    return recordsOf(besideIn.getPackageName(), besideIn.getClassLoader());
  }
}
