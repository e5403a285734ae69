package dev.freeway.logs.pattern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FilterPatternTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "ERROR; an ERROR here; true",
        "ERROR; an error here; false",
        "ERROR -debug; ERROR debug; false",
        "?ERROR ?WARN; WARN x; true",
        "\"two words\"; has two words in it; true",
        "%5[0-9]{2}%; status 503; true",
        "{ $.status = 500 }; {\"status\": 500}; true",
        "{ $.status >= 500 && $.path = \"/a*\" }; {\"status\": 503, \"path\": \"/abc\"}; true",
        "{ $.status >= 500 && $.path = \"/a*\" }; {\"status\": 503, \"path\": \"/b\"}; false",
        "{ ($.a = 1 || $.b = 2) && $.c IS TRUE }; {\"b\": 2, \"c\": true}; true",
        "{ $.user.id NOT EXISTS }; {\"user\": {}}; true",
        "{ $.items[1].n = x }; {\"items\": [{}, {\"n\": \"x\"}]}; true",
        "{ $.a = 1 }; not json; false",
        "[ip, user, status = 4*]; 10.0.0.1 bob 404; true",
        "[ip, user, status = 4*]; 10.0.0.1 bob 200; false",
        "[ip, ..., status = 5*, size]; 1.2.3.4 - - [10/Oct 13:55] \"GET /x HTTP/1.0\" 500 12; true",
      })
  void matches(String pattern, String message, boolean expected) {
    assertEquals(expected, FilterPattern.parse(pattern).matches(message));
  }

  @Test
  void refusesTermsThatNeedQuotes() {
    assertThrows(IllegalArgumentException.class, () -> FilterPattern.parse("a:b"));
  }

  @Test
  void extractsFieldsByName() {
    assertEquals("404", FilterPattern.parse("[ip, status]").extract("1.2.3.4 404").get("$status"));
  }
}
