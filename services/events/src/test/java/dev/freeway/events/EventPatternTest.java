package dev.freeway.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.freeway.platform.EventPattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class EventPatternTest {
  private static final String EVENT =
      """
      {"source": "aws.codecommit", "detail-type": "CodeCommit Repository State Change", "region": "us-east-1",
       "detail": {"event": "referenceUpdated", "referenceType": "branch", "referenceName": "main", "count": 5,
                  "ip": "10.0.0.7", "tags": ["a", "b"], "nothing": null}}
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "{\"source\": [\"aws.codecommit\"]}; true",
        "{\"source\": [\"aws.s3\", \"aws.codecommit\"]}; true",
        "{\"source\": [\"aws.s3\"]}; false",
        "{\"detail\": {\"referenceName\": [{\"prefix\": \"ma\"}]}}; true",
        "{\"detail\": {\"referenceName\": [{\"suffix\": \"x\"}]}}; false",
        "{\"detail\": {\"referenceName\": [{\"anything-but\": [\"dev\"]}]}}; true",
        "{\"detail\": {\"referenceName\": [{\"anything-but\": {\"prefix\": \"m\"}}]}}; false",
        "{\"detail\": {\"count\": [{\"numeric\": [\">\", 4, \"<=\", 5]}]}}; true",
        "{\"detail\": {\"count\": [5.0]}}; true",
        "{\"detail\": {\"ip\": [{\"cidr\": \"10.0.0.0/24\"}]}}; true",
        "{\"detail\": {\"tags\": [\"b\"]}}; true",
        "{\"detail\": {\"missing\": [{\"exists\": false}]}}; true",
        "{\"detail\": {\"event\": [{\"exists\": false}]}}; false",
        "{\"detail\": {\"nothing\": [null]}}; true",
        "{\"detail\": {\"referenceName\": [{\"wildcard\": \"m*n\"}]}}; true",
        "{\"detail\": {\"$or\": [{\"count\": [1]}, {\"referenceType\": [\"branch\"]}]}}; true",
      })
  void matches(String pattern, boolean expected) {
    assertEquals(
        expected, EventPattern.parse(pattern).matches(JsonMapper.shared().readTree(EVENT)));
  }

  @Test
  void refusesValuesThatAreNoLists() {
    assertThrows(
        IllegalArgumentException.class, () -> EventPattern.parse("{\"source\": \"aws.s3\"}"));
  }
}
