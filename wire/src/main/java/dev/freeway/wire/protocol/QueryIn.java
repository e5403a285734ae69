package dev.freeway.wire.protocol;

import dev.freeway.wire.AwsException;
import dev.freeway.wire.Structure;
import dev.freeway.wire.model.ListShape;
import dev.freeway.wire.model.MapShape;
import dev.freeway.wire.model.Member;
import dev.freeway.wire.model.Shape;
import dev.freeway.wire.model.StructureShape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Reads form parameters into modelled values.
///
/// @param name the parameter of a member
/// @param ec2 whether every list is flattened and empty values mean absent
record QueryIn(Instances instances, Function<Member, String> name, boolean ec2) {

  Structure structure(FormTree node, StructureShape shape) {
    Object[] values = new Object[shape.members().size()];
    for (Member m : shape.members()) {
      String parameter = name.apply(m);
      if (m.shape() instanceof ListShape l
          && !ec2
          && (l.flattened() || m.flattened())
          && m.locationName() == null
          && l.element().locationName() != null) {
        parameter = l.element().locationName();
      }
      FormTree child = node.child(parameter);
      if (child != null) {
        values[m.index()] = value(child, m, parameter);
      }
    }
    return instances.create(shape, values);
  }

  private @Nullable Object value(FormTree node, Member m, String path) {
    // `List=` says that the list is set and empty.
    boolean empty = node.leaf() && "".equals(node.value());
    return switch (m.shape()) {
      case ListShape _ when empty -> List.of();
      case MapShape _ when empty -> Map.of();
      case StructureShape s -> structure(node, s);
      case ListShape l -> list(node, m, l, path);
      case MapShape map -> map(node, m, map, path);
      default -> scalar(node, m, path);
    };
  }

  private List<Object> list(FormTree node, Member m, ListShape shape, String path) {
    FormTree items = node;
    if (!ec2 && !shape.flattened() && !m.flattened()) {
      String element =
          shape.element().locationName() == null ? "member" : shape.element().locationName();
      FormTree wrapped = node.child(element);
      items =
          wrapped == null ? node.child("member") == null ? node : node.child("member") : wrapped;
    }
    List<Object> list = new ArrayList<>();
    int i = 1;
    for (FormTree item : items.items()) {
      Object v = value(item, shape.element(), path + "." + i++);
      if (v != null) {
        list.add(v);
      }
    }
    return list;
  }

  private Map<String, Object> map(FormTree node, Member m, MapShape shape, String path) {
    FormTree entries =
        shape.flattened() || m.flattened() || node.child("entry") == null
            ? node
            : node.child("entry");
    String keyName = shape.key().locationName() == null ? "key" : shape.key().locationName();
    String valueName =
        shape.value().locationName() == null ? "value" : shape.value().locationName();
    Map<String, Object> map = new LinkedHashMap<>();
    for (FormTree entry : entries.items()) {
      FormTree key = entry.child(keyName);
      FormTree value = entry.child(valueName);
      if (key != null && key.value() != null && value != null) {
        Object v = value(value, shape.value(), path);
        if (v != null) {
          map.put(key.value(), v);
        }
      }
    }
    return map;
  }

  private @Nullable Object scalar(FormTree node, Member m, String path) {
    String text = node.value();
    if (text == null) {
      throw AwsException.client("MalformedInput", "Unexpected complex element termination");
    }
    boolean isText = m.shape() instanceof Shape.Text;
    if (text.isEmpty() && !isText) {
      return null;
    }
    try {
      return XmlIn.scalar(m.shape(), m, text);
    } catch (IllegalArgumentException e) {
      if (ec2) {
        throw AwsException.client(
            "InvalidParameterValue",
            "Invalid value '" + text + "' for " + path + ". Must be " + type(m.shape()));
      }
      throw AwsException.client("MalformedInput", wording(m.shape(), text));
    }
  }

  private static String type(Shape shape) {
    return switch (shape) {
      case Shape.Bool _ -> "true or false";
      case Shape.Int _ -> "an integer";
      case Shape.Decimal _ -> "a number";
      case Shape.Timestamp _ -> "a timestamp";
      case Shape.Blob _ -> "base64";
      default -> "text";
    };
  }

  private static String wording(Shape shape, String text) {
    return switch (shape) {
      case Shape.Bool _ ->
          "Value (" + text + ") for boolean parameter is invalid. Must be either true or false";
      case Shape.Timestamp _ -> "timestamp must follow ISO8601";
      default ->
          "STRING_VALUE can not be converted to "
              + (shape instanceof Shape.Int ? "an Integer" : "a Double");
    };
  }
}
