package dev.freeway.platform;

/// Who calls.
///
/// @param arn of the user, the assumed role, the account's root, or a service such as
///   `codepipeline.amazonaws.com`
/// @param userId as GetCallerIdentity answers it
/// @param verified whether a signature was checked against a known secret
public record Principal(
    String account, String arn, String userId, String accessKey, boolean verified) {
  public static Principal root(String account, String accessKey) {
    return new Principal(account, "arn:aws:iam::" + account + ":root", account, accessKey, false);
  }

  /// A service that acts on its own, in the account whose resource made it act.
  public static Principal service(String account, String name) {
    return new Principal(account, name, name, "", true);
  }

  /// A service that acts because of one of its resources, which policies know as `aws:SourceArn`.
  public static Principal service(String account, String name, String sourceArn) {
    return new Principal(account, name, sourceArn, "", true);
  }

  public static Principal anonymous(String account) {
    return new Principal(account, "anonymous", "anonymous", "", false);
  }

  public boolean isAnonymous() {
    return arn.equals("anonymous");
  }
}
