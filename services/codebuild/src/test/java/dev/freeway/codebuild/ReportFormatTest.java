package dev.freeway.codebuild;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freeway.codebuild.ReportFormat.Coverage;
import dev.freeway.codebuild.ReportFormat.Test;
import dev.freeway.codebuild.ReportFormat.Unreadable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReportFormatTest {
  @TempDir Path folder;

  private Path file(String text) throws Exception {
    return Files.writeString(folder.resolve("report"), text);
  }

  private List<Test> tests(ReportFormat format, String text) throws Exception {
    return format.read(file(text)).tests();
  }

  private List<Coverage> coverages(ReportFormat format, String text) throws Exception {
    return format.read(file(text)).coverages();
  }

  @org.junit.jupiter.api.Test
  void junit() throws Exception {
    assertEquals(
        List.of(
            new Test("s", "a.B", "good", "SUCCEEDED", 1_500_000_000L, ""),
            new Test("s", "a.B", "bad", "FAILED", 0, "expected 1"),
            new Test("s", "a.B", "worse", "ERROR", 0, "boom"),
            new Test("inner", "a.C", "later", "SKIPPED", 0, "")),
        tests(
            ReportFormat.JUNITXML,
            """
            <?xml version="1.0"?>
            <testsuites><testsuite name="s">
              <testcase name="good" classname="a.B" time="1.5"/>
              <testcase name="bad" classname="a.B"><failure message="expected 1">trace</failure></testcase>
              <testcase name="worse" classname="a.B"><error>boom</error></testcase>
              <testsuite name="inner"><testcase name="later" classname="a.C"><skipped/></testcase></testsuite>
            </testsuite></testsuites>
            """));
  }

  @org.junit.jupiter.api.Test
  void testNg() throws Exception {
    assertEquals(
        List.of(
            new Test("s", "a.B", "good", "SUCCEEDED", 12_000_000L, ""),
            new Test("s", "a.B", "bad", "FAILED", 0, "no")),
        tests(
            ReportFormat.TESTNGXML,
            """
            <testng-results><suite name="s"><test name="t"><class name="a.B">
              <test-method status="PASS" name="setUp" is-config="true" duration-ms="1"/>
              <test-method status="PASS" name="good" duration-ms="12"/>
              <test-method status="FAIL" name="bad" duration-ms="0"><exception class="E"><message><![CDATA[no]]></message></exception></test-method>
            </class></test></suite></testng-results>
            """));
  }

  @org.junit.jupiter.api.Test
  void nunitThreeAndTwo() throws Exception {
    assertEquals(
        List.of(
            new Test("B", "a.B", "Good", "SUCCEEDED", 250_000_000L, ""),
            new Test("B", "a.B", "Bad", "FAILED", 0, "no"),
            new Test("B", "a.B", "Worse", "ERROR", 0, "")),
        tests(
            ReportFormat.NUNIT3XML,
            """
            <test-run><test-suite name="B">
              <test-case name="Good" fullname="a.B.Good" classname="a.B" result="Passed" duration="0.25"/>
              <test-case name="Bad" fullname="a.B.Bad" classname="a.B" result="Failed"><failure><message>no</message></failure></test-case>
              <test-case name="Worse" fullname="a.B.Worse" classname="a.B" result="Failed" label="Error"/>
            </test-suite></test-run>
            """));
    assertEquals(
        List.of("SUCCEEDED", "FAILED", "SKIPPED"),
        tests(
                ReportFormat.NUNITXML,
                """
                <test-results><test-suite name="B"><results>
                  <test-case name="a.B.Good" executed="True" result="Success" success="True" time="0.1"/>
                  <test-case name="a.B.Bad" executed="True" success="False"/>
                  <test-case name="a.B.Later" executed="False" result="Ignored"/>
                </results></test-suite></test-results>
                """)
            .stream()
            .map(Test::status)
            .toList());
  }

  @org.junit.jupiter.api.Test
  void trx() throws Exception {
    assertEquals(
        List.of(
            new Test("a.B", "a.B", "Good", "SUCCEEDED", 3_661_500_000_000L, ""),
            new Test("", "", "Bad", "FAILED", 0, "no")),
        tests(
            ReportFormat.VISUALSTUDIOTRX,
            """
            <TestRun xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010">
              <TestDefinitions><UnitTest id="1"><TestMethod className="a.B" name="Good"/></UnitTest></TestDefinitions>
              <Results>
                <UnitTestResult testId="1" testName="Good" outcome="Passed" duration="01:01:01.5"/>
                <UnitTestResult testId="2" testName="Bad" outcome="Failed"><Output><ErrorInfo><Message>no</Message></ErrorInfo></Output></UnitTestResult>
              </Results>
            </TestRun>
            """));
  }

  @org.junit.jupiter.api.Test
  void cucumberScenariosAreAsBadAsTheirWorstStep() throws Exception {
    assertEquals(
        List.of(
            new Test("Cats", "Cats", "purr", "SUCCEEDED", 30, ""),
            new Test("Cats", "Cats", "bark", "FAILED", 5, "cats do not")),
        tests(
            ReportFormat.CUCUMBERJSON,
            """
            [{"name":"Cats","elements":[
              {"type":"background","name":"","steps":[]},
              {"type":"scenario","name":"purr","steps":[{"result":{"status":"passed","duration":10}},{"result":{"status":"passed","duration":20}}]},
              {"type":"scenario","name":"bark","steps":[{"result":{"status":"failed","duration":5,"error_message":"cats do not"}},{"result":{"status":"skipped"}}]}]}]
            """));
  }

  @org.junit.jupiter.api.Test
  void jacoco() throws Exception {
    assertEquals(
        List.of(new Coverage("a/b/C.java", 8, 2, 3, 1)),
        coverages(
            ReportFormat.JACOCOXML,
            """
            <!DOCTYPE report PUBLIC "-//JACOCO//DTD Report 1.1//EN" "report.dtd">
            <report name="r"><group name="g"><package name="a/b">
              <class name="a/b/C"><counter type="LINE" missed="9" covered="9"/></class>
              <sourcefile name="C.java"><line nr="1"/><counter type="LINE" missed="2" covered="8"/><counter type="BRANCH" missed="1" covered="3"/></sourcefile>
            </package></group></report>
            """));
  }

  @org.junit.jupiter.api.Test
  void coberturaCountsTheLinesOfAFileOnce() throws Exception {
    assertEquals(
        List.of(new Coverage("a.py", 2, 1, 1, 1)),
        coverages(
            ReportFormat.COBERTURAXML,
            """
            <coverage><packages><package><classes>
              <class filename="a.py"><methods><method><lines><line number="1" hits="0"/></lines></method></methods>
                <lines><line number="1" hits="4"/><line number="2" hits="1" branch="true" condition-coverage="50% (1/2)"/></lines></class>
              <class filename="a.py"><lines><line number="3" hits="0"/></lines></class>
            </classes></package></packages></coverage>
            """));
  }

  @org.junit.jupiter.api.Test
  void clover() throws Exception {
    assertEquals(
        List.of(new Coverage("/src/a.js", 2, 1, 1, 1)),
        coverages(
            ReportFormat.CLOVERXML,
            """
            <coverage clover="3"><project><package name="p"><file name="a.js" path="/src/a.js">
              <line num="1" count="1" type="stmt"/><line num="2" count="0" type="stmt"/>
              <line num="3" count="2" type="cond" truecount="2" falsecount="0"/>
            </file></package></project></coverage>
            """));
  }

  @org.junit.jupiter.api.Test
  void simpleCovJoinsSuites() throws Exception {
    assertEquals(
        List.of(new Coverage("/a.rb", 2, 1, 1, 1)),
        coverages(
            ReportFormat.SIMPLECOV,
            """
            {"unit":{"coverage":{"/a.rb":{"lines":[1,null,0,0],"branches":{"[:if, 0]":{"[:then, 1]":1,"[:else, 2]":0}}}}},
             "more":{"coverage":{"/a.rb":{"lines":[0,null,3,0]}}}}
            """));
  }

  @org.junit.jupiter.api.Test
  void lcovJoinsRecordsOfOneFile() throws Exception {
    assertEquals(
        List.of(new Coverage("src/ü.js", 2, 1, 1, 1), new Coverage("src/b.js", 0, 1, 0, 0)),
        coverages(
            ReportFormat.named("lcov info").orElseThrow(),
            """
            TN:unit
            SF:src/ü.js
            FN:1,f
            DA:1,1
            DA:2,0
            DA:3,0
            BRDA:1,0,0,4
            BRDA:1,0,1,-
            LF:3
            LH:1
            end_of_record
            SF:src/b.js
            DA:1,0,abc
            end_of_record
            TN:more
            SF:src/ü.js
            DA:3,12
            end_of_record
            """));
    Path cut = file("SF:a.js\nDA:1\nend_of_record\n");
    assertThrows(Unreadable.class, () -> ReportFormat.LCOV.read(cut));
    Path lost = file("DA:1,1\nSF:a.js\n");
    assertThrows(Unreadable.class, () -> ReportFormat.LCOV.read(lost));
  }

  @ParameterizedTest
  @EnumSource(ReportFormat.class)
  void whatIsOfNoFormatIsUnreadable(ReportFormat format) throws Exception {
    Path text = file("not a report at all");
    assertThrows(Unreadable.class, () -> format.read(text));
    Path other = file("<html>hello</html>");
    assertThrows(Unreadable.class, () -> format.read(other));
  }

  @org.junit.jupiter.api.Test
  void entitiesOpenNothing() throws Exception {
    Path secret = Files.writeString(folder.resolve("secret"), "hidden");
    String text =
        "<!DOCTYPE testsuite [<!ENTITY e SYSTEM \"file://"
            + secret
            + "\">]><testsuite name=\"s\"><testcase name=\"t\"><failure>&e;</failure></testcase></testsuite>";
    String all;
    try {
      all = tests(ReportFormat.JUNITXML, text).toString();
    } catch (Unreadable e) {
      all = String.valueOf(e.getMessage());
    }
    assertTrue(!all.contains("hidden"), all);
  }
}
