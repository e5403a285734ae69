package dev.freeway.ec2;

import dev.freeway.platform.Call;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/// Ids that follow from account, region and how many were asked for before.
final class StableIds implements IdSource {
  private final String seed;
  private final Map<String, Integer> counts = new HashMap<>();

  StableIds(Call call) {
    this.seed = call.account() + "/" + call.region() + "/";
  }

  @Override
  public String next(String prefix) {
    int n = counts.merge(prefix, 1, Integer::sum);
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest((seed + prefix + n).getBytes(StandardCharsets.UTF_8));
      return prefix + HexFormat.of().formatHex(hash).substring(0, 17);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}
