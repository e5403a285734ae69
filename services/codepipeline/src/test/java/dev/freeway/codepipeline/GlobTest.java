package dev.freeway.codepipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "main main true",
        "main main2 false",
        "feature/* feature/a true",
        "feature/* feature/a/b false",
        "feature/** feature/a/b true",
        "feature/** feature false",
        "* feature/a false",
        "** feature/a true",
        "**/README.md README.md true",
        "**/README.md docs/de/README.md true",
        "**/README.md docs/XREADME.md false",
        "common/**/*.js common/a.js true",
        "common/**/*.js common/x/y/a.js true",
        "common/**/*.js other/common/a.js false",
        "v?.0 v1.0 true",
        "v?.0 v/.0 false",
        "v[0-9] v7 true",
        "v[!0-9] v7 false",
        "v[!0-9] vx true",
        "{release,hotfix}/* hotfix/1 true",
        "{release,hotfix}/* main/1 false",
        "a.b axb false",
        "a\\*b a*b true",
        "a\\*b axb false"
      })
  void matchesAsGitFiltersDo(String glob, String text, boolean matches) {
    assertEquals(matches, Glob.matches(glob, text));
  }

  @Test
  void refusesWhatIsNotClosed() {
    assertThrows(IllegalArgumentException.class, () -> Glob.compile("{a,b"));
    assertThrows(IllegalArgumentException.class, () -> Glob.compile("[a"));
  }
}
