package dev.freeway.acm;

import dev.freeway.acm.api.*;
import dev.freeway.platform.Call;
import dev.freeway.store.Store;
import dev.freeway.wire.Structure;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Tags of certificates.
final class TagOperations {
  private final Store store;
  private final CertificateTable certificates;

  TagOperations(Store store, CertificateTable certificates) {
    this.store = store;
    this.certificates = certificates;
  }

  static Map<String, String> checked(Map<String, String> before, List<Tag> more) {
    Map<String, String> all = new HashMap<>(before);
    for (Tag t : more) {
      if (t.key().startsWith("aws:")) {
        throw AcmErrors.invalidTagException("AWS Reserved Tag Key: " + t.key());
      }
      all.put(t.key(), t.value() == null ? "" : t.value());
    }
    if (all.size() > 50) {
      throw AcmErrors.tooManyTagsException("A certificate can have at most 50 tags");
    }
    return all;
  }

  Structure.Empty add(Call call, AddTagsToCertificateRequest in) {
    store.update(
        tx -> {
          Certificate c = certificates.require(tx, call, in.certificateArn());
          certificates.save(tx, c.withTags(checked(c.tags(), in.tags())));
        });
    return CertificateOperations.NOTHING;
  }

  // A tag that is given with a value goes only if it has that value.
  Structure.Empty remove(Call call, RemoveTagsFromCertificateRequest in) {
    store.update(
        tx -> {
          Certificate c = certificates.require(tx, call, in.certificateArn());
          Map<String, String> left = new HashMap<>(c.tags());
          for (Tag t : in.tags()) {
            if (t.value() == null || t.value().equals(left.get(t.key()))) {
              left.remove(t.key());
            }
          }
          certificates.save(tx, c.withTags(left));
        });
    return CertificateOperations.NOTHING;
  }

  ListTagsForCertificateResponse list(Call call, ListTagsForCertificateRequest in) {
    Certificate c = store.read(tx -> certificates.require(tx, call, in.certificateArn()));
    return new ListTagsForCertificateResponse(
        c.tags().entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(e -> new Tag(e.getKey(), e.getValue()))
            .toList());
  }
}
