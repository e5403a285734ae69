package dev.freeway.iam;

import dev.freeway.iam.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Ids;
import dev.freeway.store.Key;
import dev.freeway.store.Store;
import dev.freeway.store.Table;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;

/// Roles that belong to a service: which services have one stands in `service-linked.txt`.
final class ServiceLinkedRoles {
  record Deletion(Instant at) {}

  private static final Table<Deletion> DELETIONS =
      new Table<>("iam_role_deletions", Deletion.class);
  private static final int SESSION = 3600;

  private final Store store;
  private final Entities entities;
  private final Map<String, String> names = names();

  ServiceLinkedRoles(Store store, Entities entities) {
    this.store = store;
    this.entities = entities;
  }

  private static Map<String, String> names() {
    try (InputStream in = ServiceLinkedRoles.class.getResourceAsStream("service-linked.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(l -> !l.isBlank() && !l.startsWith("#"))
          .map(l -> l.split("\\s+"))
          .collect(Collectors.toUnmodifiableMap(w -> w[0], w -> w[1]));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  CreateServiceLinkedRoleResponse create(Call call, CreateServiceLinkedRoleRequest in) {
    String service = in.awsServiceName();
    String base = names.get(service);
    if (base == null) {
      throw IamErrors.invalidInputException(
          "Service role template for " + service + " is not available");
    }
    boolean suffixed = in.customSuffix() != null;
    if (suffixed && !service.equals("autoscaling.amazonaws.com")) {
      throw IamErrors.invalidInputException("Custom suffix is not allowed for " + service);
    }
    String name = "AWSServiceRoleFor" + base + (suffixed ? "_" + in.customSuffix() : "");
    String trust =
        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\""
            + service
            + "\"},\"Action\":\"sts:AssumeRole\"}]}";
    Entity fresh =
        Entities.fresh(
            call,
            Kind.ROLE,
            name,
            "/aws-service-role/" + service + "/",
            Map.of(),
            new Entity.Trust(trust, in.description(), SESSION));
    store.update(
        tx -> {
          if (entities.find(tx, call, Kind.ROLE, name).isPresent()) {
            throw IamErrors.invalidInputException(
                "Service role name "
                    + name
                    + " has been taken in this account, please try a different suffix.");
          }
          entities.create(tx, call, fresh);
        });
    return new CreateServiceLinkedRoleResponse(Roles.view(call, fresh));
  }

  /// Nothing here uses such a role, so it goes at once.
  DeleteServiceLinkedRoleResponse delete(Call call, DeleteServiceLinkedRoleRequest in) {
    return store.write(
        tx -> {
          Entity role = entities.require(tx, call, Kind.ROLE, in.roleName());
          if (!role.path().startsWith("/aws-service-role/")) {
            throw IamErrors.invalidInputException(role.name() + " is not a service-linked role.");
          }
          String task = "task" + role.path() + role.name() + "/" + Ids.uuid();
          entities.delete(tx, call, role);
          tx.put(DELETIONS, Key.of(call.account(), task), new Deletion(call.at()));
          return new DeleteServiceLinkedRoleResponse(task);
        });
  }

  GetServiceLinkedRoleDeletionStatusResponse status(
      Call call, GetServiceLinkedRoleDeletionStatusRequest in) {
    String task = Key.of(call.account(), in.deletionTaskId());
    if (store.read(tx -> tx.get(DELETIONS, task)).isEmpty()) {
      throw IamErrors.noSuchEntityException(
          "Deletion task " + in.deletionTaskId() + " cannot be found.");
    }
    return GetServiceLinkedRoleDeletionStatusResponse.builder().status("SUCCEEDED").build();
  }
}
