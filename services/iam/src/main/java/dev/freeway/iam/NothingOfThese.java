package dev.freeway.iam;

import dev.freeway.iam.api.*;
import dev.freeway.platform.Call;
import dev.freeway.store.Store;
import java.util.List;

/// Lists of what nothing here can make: MFA devices, SSH keys, signing certificates. They are
/// empty, and clients ask for them before they delete a user.
final class NothingOfThese {
  private final Store store;
  private final Entities entities;

  NothingOfThese(Store store, Entities entities) {
    this.store = store;
    this.entities = entities;
  }

  ListMFADevicesResponse devices(Call call, ListMFADevicesRequest in) {
    checkUser(call, in.userName());
    return ListMFADevicesResponse.builder().mfaDevices(List.of()).isTruncated(false).build();
  }

  ListVirtualMFADevicesResponse virtualDevices(Call call, ListVirtualMFADevicesRequest in) {
    return ListVirtualMFADevicesResponse.builder()
        .virtualMFADevices(List.of())
        .isTruncated(false)
        .build();
  }

  ListSSHPublicKeysResponse sshKeys(Call call, ListSSHPublicKeysRequest in) {
    checkUser(call, in.userName());
    return ListSSHPublicKeysResponse.builder().sshPublicKeys(List.of()).isTruncated(false).build();
  }

  ListSigningCertificatesResponse certificates(Call call, ListSigningCertificatesRequest in) {
    checkUser(call, in.userName());
    return ListSigningCertificatesResponse.builder()
        .certificates(List.of())
        .isTruncated(false)
        .build();
  }

  private void checkUser(Call call, @org.jspecify.annotations.Nullable String name) {
    store.read(tx -> Users.require(tx, call, entities, name));
  }
}
