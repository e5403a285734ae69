package dev.freeway.containers.image;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/// Finds the registry behind the host part of a reference.
@FunctionalInterface
public interface Registries {
  /// @param host as in a reference, with its port: `localhost:5000`
  Registry at(String host, @Nullable Credentials credentials);

  /// Over HTTP: plain for this machine's names and for private addresses, else with TLS.
  static Registries http() {
    return (host, credentials) -> {
      boolean near =
          host.matches(
              "(.*\\.)?localhost(:\\d+)?|(127|10)\\..*|192\\.168\\..*|host\\.freeway\\.internal.*");
      return new HttpRegistry(URI.create((near ? "http://" : "https://") + host), credentials);
    };
  }
}
