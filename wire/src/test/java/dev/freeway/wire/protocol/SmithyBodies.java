package dev.freeway.wire.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.cbor.CBORMapper;

/// Compares bodies by meaning: white space, member order and attribute order do not count.
final class SmithyBodies {
  private SmithyBodies() {}

  static void same(String mediaType, byte[] expected, byte[] actual) {
    if (mediaType.contains("json")) {
      assertEquals(json(expected), json(actual));
    } else if (mediaType.contains("xml")) {
      assertEquals(xml(expected), xml(actual));
    } else if (mediaType.contains("cbor")) {
      assertEquals(cbor(expected), cbor(actual));
    } else {
      assertEquals(
          new String(expected, StandardCharsets.UTF_8), new String(actual, StandardCharsets.UTF_8));
    }
  }

  private static Object json(byte[] bytes) {
    return bytes.length == 0 ? "" : number(JsonMapper.shared().readValue(bytes, Object.class));
  }

  private static Object cbor(byte[] bytes) {
    return bytes.length == 0 ? "" : number(new CBORMapper().readValue(bytes, Object.class));
  }

  // 5 and 5.0 are the same number.
  private static Object number(Object value) {
    return switch (value) {
      case java.util.Map<?, ?> m -> {
        TreeMap<String, Object> sorted = new TreeMap<>();
        m.forEach((k, v) -> sorted.put(k.toString(), v == null ? "null" : number(v)));
        yield sorted;
      }
      case List<?> l -> l.stream().map(v -> v == null ? "null" : number(v)).toList();
      case Number n -> Double.valueOf((float) n.doubleValue());
      case byte[] b -> java.util.Base64.getEncoder().encodeToString(b);
      default -> value;
    };
  }

  private static String xml(byte[] bytes) {
    if (bytes.length == 0) {
      return "";
    }
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      Element root =
          factory.newDocumentBuilder().parse(new ByteArrayInputStream(bytes)).getDocumentElement();
      StringBuilder out = new StringBuilder();
      write(root, out);
      return out.toString();
    } catch (Exception e) {
      throw new AssertionError("not XML: " + new String(bytes, StandardCharsets.UTF_8), e);
    }
  }

  private static void write(Element e, StringBuilder out) {
    out.append('<').append(e.getTagName());
    TreeMap<String, String> attributes = new TreeMap<>();
    for (int i = 0; i < e.getAttributes().getLength(); i++) {
      attributes.put(
          e.getAttributes().item(i).getNodeName(), e.getAttributes().item(i).getNodeValue());
    }
    attributes.forEach((k, v) -> out.append(' ').append(k).append('=').append(v));
    out.append('>');
    List<String> children = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    for (Node n = e.getFirstChild(); n != null; n = n.getNextSibling()) {
      if (n instanceof Element child) {
        if (child.getTagName().equals("ResponseMetadata")
            || child.getTagName().equals("requestId")) {
          continue; // AWS sends the request's id there; the cases leave it open
        }
        StringBuilder inner = new StringBuilder();
        write(child, inner);
        children.add(inner.toString());
      } else {
        text.append(n.getTextContent());
      }
    }
    // Elements of different names may come in any order; a list's items keep theirs.
    children.sort(java.util.Comparator.comparing(c -> c.substring(0, c.indexOf('>'))));
    children.forEach(out::append);
    if (children.isEmpty()) {
      out.append(text.toString().isBlank() && text.indexOf("\n") >= 0 ? "" : text);
    }
    out.append("</").append(e.getTagName()).append(">");
  }
}
