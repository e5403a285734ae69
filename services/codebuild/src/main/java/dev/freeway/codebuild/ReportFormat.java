package dev.freeway.codebuild;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.core.JacksonException;

/// The formats of report files that CodeBuild reads, by their names in a buildspec.
enum ReportFormat {
  JUNITXML(file -> new Results(JUnitXml.read(file), List.of())),
  TESTNGXML(file -> new Results(TestNgXml.read(file), List.of())),
  NUNITXML(file -> new Results(NUnitXml.read(file), List.of())),
  NUNIT3XML(file -> new Results(NUnitXml.read(file), List.of())),
  VISUALSTUDIOTRX(file -> new Results(TrxXml.read(file), List.of())),
  CUCUMBERJSON(file -> new Results(CucumberJson.read(file), List.of())),
  JACOCOXML(file -> new Results(List.of(), JacocoXml.read(file))),
  COBERTURAXML(file -> new Results(List.of(), CoberturaXml.read(file))),
  CLOVERXML(file -> new Results(List.of(), CloverXml.read(file))),
  SIMPLECOV(file -> new Results(List.of(), SimpleCovJson.read(file))),
  LCOV(file -> new Results(List.of(), LcovInfo.read(file)));

  /// @param suite name of the suite the test is in
  /// @param prefix what related tests have in common: a class's name
  /// @param status SUCCEEDED, FAILED, ERROR, SKIPPED or UNKNOWN
  record Test(
      String suite, String prefix, String name, String status, long nanos, String message) {}

  record Coverage(
      String file, int linesCovered, int linesMissed, int branchesCovered, int branchesMissed) {}

  /// What one file holds.
  record Results(List<Test> tests, List<Coverage> coverages) {}

  /// A file that is not of the format it is said to be of.
  static final class Unreadable extends Exception {
    private static final long serialVersionUID = 1L;

    Unreadable(String message) {
      super(message);
    }
  }

  private interface Reader {
    Results read(Path file) throws IOException, Unreadable;
  }

  private static final long MOST_BYTES = 100L << 20;

  private final Reader reader;

  ReportFormat(Reader reader) {
    this.reader = reader;
  }

  boolean coverage() {
    return compareTo(JACOCOXML) >= 0;
  }

  /// The report group's type.
  String type() {
    return coverage() ? "CODE_COVERAGE" : "TEST";
  }

  Results read(Path file) throws IOException, Unreadable {
    if (Files.size(file) > MOST_BYTES) {
      throw new Unreadable("larger than " + MOST_BYTES + " bytes");
    }
    try {
      return reader.read(file);
    } catch (JacksonException e) {
      // A number where a text should be, say, or one too large.
      throw new Unreadable(e.getOriginalMessage());
    }
  }

  /// In any case of letters, as CodeBuild takes them. Its guide calls LCOV's format "LCOV INFO" and
  /// does not say how a buildspec spells it: it may be spelled with or without.
  static Optional<ReportFormat> named(String name) {
    String upper = name.toUpperCase(Locale.ROOT).replaceFirst("^LCOV[ _-]?INFO$", "LCOV");
    return Arrays.stream(values()).filter(f -> f.name().equals(upper)).findFirst();
  }
}
