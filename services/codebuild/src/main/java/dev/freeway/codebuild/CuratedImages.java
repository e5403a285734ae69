package dev.freeway.codebuild;

import dev.freeway.codebuild.api.*;
import dev.freeway.platform.Call;
import dev.freeway.platform.Handler;
import java.util.List;

/// ListCuratedEnvironmentImages: the names that this machine's own tools stand in for.
final class CuratedImages
    implements Handler<ListCuratedEnvironmentImagesInput, ListCuratedEnvironmentImagesOutput> {
  private static final List<String> AMAZON =
      List.of(
          "aws/codebuild/amazonlinux-x86_64-standard:5.0",
          "aws/codebuild/amazonlinux2-x86_64-standard:5.0",
          "aws/codebuild/amazonlinux-aarch64-standard:3.0",
          "aws/codebuild/amazonlinux2-aarch64-standard:3.0");
  private static final List<String> UBUNTU =
      List.of(
          "aws/codebuild/standard:5.0", "aws/codebuild/standard:6.0", "aws/codebuild/standard:7.0");

  @Override
  public ListCuratedEnvironmentImagesOutput handle(
      Call call, ListCuratedEnvironmentImagesInput in) {
    return ListCuratedEnvironmentImagesOutput.builder()
        .platforms(List.of(platform("AMAZON_LINUX", AMAZON), platform("UBUNTU", UBUNTU)))
        .build();
  }

  private static EnvironmentPlatform platform(String name, List<String> images) {
    List<EnvironmentImage> all =
        images.stream()
            .map(
                i ->
                    EnvironmentImage.builder()
                        .name(i)
                        .description("The tools of the machine that Freeway runs on")
                        .versions(List.of(i))
                        .build())
            .toList();
    return EnvironmentPlatform.builder()
        .platform(name)
        .languages(List.of(EnvironmentLanguage.builder().language("BASE").images(all).build()))
        .build();
  }
}
