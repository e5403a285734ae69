package dev.freeway.codecommit;

import dev.freeway.codecommit.api.CodecommitErrors;
import org.jspecify.annotations.Nullable;

/// What people write, and how many of it they want to see.
final class PullText {
  private static final int MOST = 500;

  private PullText() {}

  static void title(String title) {
    if (title.isBlank()) {
      throw CodecommitErrors.invalidTitleException(
          "The title of the pull request is not valid. Pull request titles cannot exceed 100 characters in length.");
    }
  }

  static void maxResults(@Nullable Integer max) {
    if (max != null && (max < 1 || max > MOST)) {
      throw CodecommitErrors.invalidMaxResultsException(
          "The specified number of maximum results is not valid.");
    }
  }

  static dev.freeway.wire.AwsException badToken() {
    return CodecommitErrors.invalidContinuationTokenException(
        "The specified continuation token is not valid.");
  }
}
