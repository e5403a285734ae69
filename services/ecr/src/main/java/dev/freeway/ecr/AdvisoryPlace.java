package dev.freeway.ecr;

import dev.freeway.ecr.scan.AdvisoryFiles;
import dev.freeway.ecr.scan.AdvisorySource;
import dev.freeway.ecr.uses.s3.GetObjectRequest;
import dev.freeway.ecr.uses.s3.ListObjectsV2Request;
import dev.freeway.ecr.uses.s3.S3Api;
import dev.freeway.platform.Call;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.wire.AwsException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Where the advisories of this system are: a folder, or a bucket of the registry's account.
final class AdvisoryPlace {
  private AdvisoryPlace() {}

  /// @param configured a folder, or `s3://BUCKET/PREFIX`; null for `advisories` in the data folder
  static Function<Scope, AdvisorySource> of(Platform platform, @Nullable String configured) {
    if (configured != null && configured.startsWith("s3://")) {
      String rest = configured.substring("s3://".length());
      int slash = rest.indexOf('/');
      String bucket = slash < 0 ? rest : rest.substring(0, slash);
      String prefix = slash < 0 ? "" : rest.substring(slash + 1);
      return scope -> bucket(platform, platform.background(scope, "ecr"), bucket, prefix);
    }
    Path folder =
        configured == null || configured.isBlank()
            ? platform.settings().data().resolve("advisories")
            : Path.of(configured);
    return scope -> AdvisoryFiles.folder(folder);
  }

  private static AdvisorySource bucket(Platform platform, Call call, String bucket, String prefix) {
    return new AdvisorySource() {
      @Override
      public String place() {
        return "the bucket s3://" + bucket + "/" + prefix;
      }

      @Override
      public void each(Consumer<JsonNode> taker) throws IOException {
        try {
          String token = null;
          do {
            var page =
                platform
                    .clients()
                    .call(
                        call,
                        S3Api.LIST_OBJECTS_V2,
                        ListObjectsV2Request.builder()
                            .bucket(bucket)
                            .prefix(prefix)
                            .continuationToken(token)
                            .build());
            if (page.contents() != null) {
              for (var object : page.contents()) {
                read(object.key(), taker);
              }
            }
            token = page.nextContinuationToken();
          } while (token != null);
        } catch (AwsException e) {
          throw new IOException(place() + " cannot be read: " + e.message(), e);
        }
      }

      private void read(String key, Consumer<JsonNode> taker) throws IOException {
        if (!AdvisoryFiles.isOne(key)) {
          return;
        }
        var got =
            platform
                .clients()
                .call(
                    call,
                    S3Api.GET_OBJECT,
                    GetObjectRequest.builder().bucket(bucket).key(key).build());
        try (InputStream in = got.body().open()) {
          AdvisoryFiles.read(key, in, taker);
        }
      }
    };
  }
}
