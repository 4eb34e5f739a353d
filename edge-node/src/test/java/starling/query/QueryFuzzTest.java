package starling.query;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Texts that may be anything. */
class QueryFuzzTest {
  @FuzzTest(maxDuration = "5s")
  void anyTextIsAQueryOrRefusedAtAColumn(byte[] bytes) {
    String text = new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
    try {
      Query.parse(text);
    } catch (QueryException e) {
      assertTrue(e.column() >= 1 && e.column() <= text.length() + 1, e.getMessage());
      assertTrue(e.render().endsWith("^"));
    }
  }
}
