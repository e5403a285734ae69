package dev.freeway.containers.image;

/// A registry's user and password.
public record Credentials(String user, String password) {
  @Override
  public String toString() {
    return user + ":***";
  }
}
