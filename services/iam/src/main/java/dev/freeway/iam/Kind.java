package dev.freeway.iam;

/// What may hold policies.
enum Kind {
  USER("User", "AIDA"),
  GROUP("Group", "AGPA"),
  ROLE("Role", "AROA");

  /// As AWS's messages and quotas spell it.
  final String title;

  final String idPrefix;

  Kind(String title, String idPrefix) {
    this.title = title;
    this.idPrefix = idPrefix;
  }

  /// As ARNs and lower-case messages spell it.
  String word() {
    return title.toLowerCase(java.util.Locale.ROOT);
  }
}
