package dev.freeway.acm;

import static dev.freeway.acm.api.AcmApi.*;

import dev.freeway.acm.api.AcmApi;
import dev.freeway.flow.Reconciler;
import dev.freeway.platform.Operations;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Service;
import dev.freeway.platform.TaggedResources;
import dev.freeway.wire.model.ServiceInfo;
import dev.freeway.wire.model.ServiceModel;
import java.util.List;

/// Certificate Manager: contents page.
public final class Acm implements Service {
  private final RequestCertificate request;
  private final ImportCertificate importCertificate;
  private final CertificateOperations operations;
  private final TagOperations tags;
  private final Account account;
  private final Issuance issuance;

  public Acm(Platform platform) {
    CertificateTable certificates = new CertificateTable();
    platform
        .tagged()
        .add(
            TaggedResources.of(
                "acm",
                certificates::all,
                Certificate::arn,
                Certificate::tags,
                (tx, c, tags) -> certificates.save(tx, c.withTags(tags))));
    KeyVault vault = new KeyVault(platform);
    issuance = new Issuance(platform, certificates, vault, new Authority(platform, vault));
    request = new RequestCertificate(platform, certificates);
    importCertificate = new ImportCertificate(platform, certificates, vault);
    operations = new CertificateOperations(platform, certificates, vault, issuance);
    tags = new TagOperations(platform.store(), certificates);
    account = new Account(platform.store());
  }

  @Override
  public ServiceInfo info() {
    return INFO;
  }

  @Override
  public ServiceModel model() {
    return AcmApi.model();
  }

  @Override
  public List<Reconciler> reconcilers() {
    return List.of(issuance);
  }

  @Override
  public void define(Operations on) {
    on.on(REQUEST_CERTIFICATE, request);
    on.on(IMPORT_CERTIFICATE, importCertificate);
    on.on(DESCRIBE_CERTIFICATE, operations::describe);
    on.on(GET_CERTIFICATE, operations::get);
    on.on(LIST_CERTIFICATES, operations::list);
    on.on(DELETE_CERTIFICATE, operations::delete);
    on.on(EXPORT_CERTIFICATE, operations::export);
    on.on(RENEW_CERTIFICATE, operations::renew);
    on.on(UPDATE_CERTIFICATE_OPTIONS, operations::options);
    on.on(READ_CERTIFICATE_FOR_SERVICE, operations::readForService);
    on.on(NOTE_CERTIFICATE_USE, operations::noteUse);
    on.on(ADD_TAGS_TO_CERTIFICATE, tags::add);
    on.on(REMOVE_TAGS_FROM_CERTIFICATE, tags::remove);
    on.on(LIST_TAGS_FOR_CERTIFICATE, tags::list);
    on.on(GET_ACCOUNT_CONFIGURATION, account::get);
    on.on(PUT_ACCOUNT_CONFIGURATION, account::put);
  }
}
