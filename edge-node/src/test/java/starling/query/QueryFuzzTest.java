package starling.query;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.Random;
import starling.model.Schema;
import starling.wire.WireWriter;

/** Texts that may be anything. */
class QueryFuzzTest {
  private static final List<Schema> SCHEMAS = List.of(Contribution.INDOOR, Contribution.OUTDOOR);

  @FuzzTest(maxDuration = "3s")
  void anyTextIsAQueryThatRunsOrIsRefusedAtAColumn(byte[] bytes) {
    String text = new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
    try {
      Plan plan = Plan.of(Query.parse(text), SCHEMAS);
      Contribution one = Contribution.random(new Random(1), 1000);
      WireWriter to = WireWriter.ofSize(plan.stateBytesMax(1));
      assertTrue(one.addTo(plan.empty()).encode(to), "stateBytesMax is the most");
    } catch (QueryException e) {
      assertTrue(e.column() >= 1 && e.column() <= text.length() + 1, e.getMessage());
      assertTrue(e.render().endsWith("^"));
    }
  }
}
