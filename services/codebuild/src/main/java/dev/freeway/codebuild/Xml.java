package dev.freeway.codebuild;

import dev.freeway.codebuild.ReportFormat.Unreadable;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/// Reads XML that builds have written. Nothing outside the file is opened: entities and DTDs come
/// out empty.
final class Xml {
  private Xml() {}

  /// The root, which must have one of these names.
  static Element root(Path file, String... names) throws IOException, Unreadable {
    Element root = root(file);
    if (!List.of(names).contains(root.getLocalName())) {
      throw new Unreadable(
          "expected <" + String.join("> or <", names) + ">, found <" + root.getLocalName() + ">");
    }
    return root;
  }

  static Element root(Path file) throws IOException, Unreadable {
    try (InputStream in = Files.newInputStream(file)) {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setNamespaceAware(true);
      factory.setExpandEntityReferences(false);
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      DocumentBuilder builder = factory.newDocumentBuilder();
      builder.setEntityResolver((publicId, systemId) -> new InputSource(new StringReader("")));
      builder.setErrorHandler(new DefaultHandler());
      return builder.parse(in).getDocumentElement();
    } catch (SAXException e) {
      throw new Unreadable("not XML: " + e.getMessage());
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException(e);
    }
  }

  static List<Element> children(Element of, String... names) {
    List<Element> all = new ArrayList<>();
    List<String> wanted = List.of(names);
    for (Node n = of.getFirstChild(); n != null; n = n.getNextSibling()) {
      if (n instanceof Element e && wanted.contains(e.getLocalName())) {
        all.add(e);
      }
    }
    return all;
  }

  /// All below, at any depth, in document order.
  static List<Element> all(Element of, String name) {
    List<Element> found = new ArrayList<>();
    var list = of.getElementsByTagNameNS("*", name);
    for (int i = 0; i < list.getLength(); i++) {
      found.add((Element) list.item(i));
    }
    return found;
  }

  static String attribute(Element e, String name, String otherwise) {
    return e.hasAttribute(name) ? e.getAttribute(name) : otherwise;
  }

  static int number(Element e, String name) {
    String text = e.getAttribute(name);
    return text.matches("\\d{1,9}") ? Integer.parseInt(text) : 0;
  }

  /// Seconds with a fraction, as nanoseconds; what is no number is 0.
  static long seconds(String text) {
    String plain = text.replace(",", "");
    return plain.matches("\\d{1,12}(\\.\\d*)?([eE][-+]?\\d{1,2})?")
        ? new BigDecimal(plain).movePointRight(9).longValue()
        : 0;
  }
}
