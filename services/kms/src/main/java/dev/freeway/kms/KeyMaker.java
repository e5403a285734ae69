package dev.freeway.kms;

import dev.freeway.platform.Ids;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// Makes keys: those that are asked for, and AWS's own (`alias/aws/s3`) when they are first used.
final class KeyMaker {
  private static final int YEAR = 365;

  // The services whose managed keys exist; any other alias/aws/ name is unknown.
  private static final Set<String> MANAGED =
      Set.of(
          "acm",
          "backup",
          "cloudtrail",
          "codecommit",
          "codebuild",
          "codeartifact",
          "dynamodb",
          "ebs",
          "ecr",
          "elasticfilesystem",
          "es",
          "firehose",
          "glue",
          "kinesis",
          "lambda",
          "logs",
          "rds",
          "s3",
          "secretsmanager",
          "sns",
          "sqs",
          "ssm",
          "xray");

  private final Platform platform;
  private final Keys keys;
  private final Aliases aliases;

  KeyMaker(Platform platform, Keys keys, Aliases aliases) {
    this.platform = platform;
    this.keys = keys;
    this.aliases = aliases;
  }

  static String defaultPolicy(String account) {
    return """
        {
          "Version" : "2012-10-17",
          "Id" : "key-default-1",
          "Statement" : [ {
            "Sid" : "Enable IAM User Permissions",
            "Effect" : "Allow",
            "Principal" : {
              "AWS" : "arn:aws:iam::%s:root"
            },
            "Action" : "kms:*",
            "Resource" : "*"
          } ]
        }"""
        .formatted(account);
  }

  private static String managedPolicy(Scope scope, String service) {
    return """
        {
          "Version" : "2012-10-17",
          "Id" : "auto-%1$s-1",
          "Statement" : [ {
            "Sid" : "Allow access through %1$s for all principals in the account that are authorized to use it",
            "Effect" : "Allow",
            "Principal" : {
              "AWS" : "*"
            },
            "Action" : [ "kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:CreateGrant", "kms:DescribeKey" ],
            "Resource" : "*",
            "Condition" : {
              "StringEquals" : {
                "kms:CallerAccount" : "%2$s",
                "kms:ViaService" : "%1$s.%3$s.amazonaws.com"
              }
            }
          } ]
        }"""
        .formatted(service, scope.account(), scope.region());
  }

  /// The first material of a key, made outside the transaction: an RSA key takes a while.
  Material first(StoredKey key) {
    return material(key, 1, null);
  }

  Material material(StoredKey key, int number, @org.jspecify.annotations.Nullable String rotation) {
    KeyBytes bytes = key.spec().generate();
    return new Material(
        number,
        Ids.hex(64),
        keys.seal(key.id(), number, bytes.secret()),
        bytes.publicKey(),
        platform.clock().instant(),
        rotation,
        null,
        null);
  }

  /// The managed key of this alias, made now if nobody used it before; empty when the alias is not
  /// one of AWS's.
  Optional<StoredKey> managed(Scope scope, String alias) {
    if (!alias.startsWith("alias/aws/") || !MANAGED.contains(alias.substring(10))) {
      return Optional.empty();
    }
    String service = alias.substring(10);
    Instant now = platform.clock().instant();
    StoredKey fresh =
        new StoredKey(
            scope,
            Ids.uuid(),
            Spec.SYMMETRIC_DEFAULT,
            "ENCRYPT_DECRYPT",
            "AWS_KMS",
            "AWS",
            "Default key that protects my " + service + " resources when no other key is defined",
            managedPolicy(scope, service),
            Map.of(),
            now,
            "Enabled",
            null,
            null,
            false,
            1,
            new StoredKey.Rotation(YEAR, now.plus(Duration.ofDays(YEAR))));
    Material material = first(fresh);
    return Optional.of(
        platform
            .store()
            .write(
                tx -> {
                  var taken = aliases.find(tx, scope, alias);
                  if (taken.isPresent()) {
                    return keys.find(tx, scope, taken.get().keyId()).orElseThrow();
                  }
                  keys.save(tx, fresh);
                  keys.addMaterial(tx, fresh, material);
                  aliases.save(tx, scope, new Aliases.Alias(alias, fresh.id(), now, now));
                  platform
                      .flow()
                      .wakeAt(
                          tx,
                          KeyReconciler.KIND,
                          scope.key(fresh.id()),
                          Objects.requireNonNull(fresh.rotation()).next());
                  return fresh;
                }));
  }
}
