package dev.freeway.ingress;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/// The host names a certificate is for.
final class TlsNames {
  private static final int DNS = 2;

  private TlsNames() {}

  /// In lower case; from the subject's common name where there are no alternative names.
  static List<String> of(X509Certificate certificate) {
    List<String> names = new ArrayList<>();
    try {
      Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
      if (alternatives != null) {
        for (List<?> name : alternatives) {
          if (name.get(0).equals(DNS)) {
            names.add(name.get(1).toString().toLowerCase(Locale.ROOT));
          }
        }
      }
      if (names.isEmpty()) {
        for (Rdn part : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
          if (part.getType().equalsIgnoreCase("CN")) {
            names.add(part.getValue().toString().toLowerCase(Locale.ROOT));
          }
        }
      }
    } catch (CertificateParsingException | InvalidNameException odd) {
      // Such a certificate is chosen by default only.
      return names;
    }
    return names;
  }

  /// A wildcard stands for one label.
  static boolean matches(String name, String host) {
    if (!name.startsWith("*.")) {
      return name.equals(host);
    }
    int dot = host.indexOf('.');
    return dot > 0 && host.substring(dot).equals(name.substring(1));
  }
}
