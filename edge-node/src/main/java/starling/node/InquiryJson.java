package starling.node;

import java.util.Iterator;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Stream;
import starling.model.Answer;
import starling.model.Delivery;

/**
 * What came of a request as lines of JSON; of an inquiry the rows as gateways publish them, then a
 * last one.
 */
public final class InquiryJson {
  private static final int VERSION = 1;

  private InquiryJson() {}

  /** Line by line, each made when it is wanted. */
  static Iterator<String> lines(Delivery.Inquired answer) {
    return Stream.concat(rows(answer).map(row -> row + "\n"), Stream.of(last(answer))).iterator();
  }

  /** The rows, each an object made when it is wanted. */
  public static Stream<String> rows(Delivery.Inquired answer) {
    return Stream.concat(
        answer.zones().stream().map(InquiryJson::zone),
        answer.nodes().stream().map(node -> node(node, answer.endMillis())));
  }

  /** A refusal without an inquiry. */
  static String error(String text) {
    return new Json().begin('{').name("v").number(VERSION).name("error").text(text).end('}') + "\n";
  }

  /** For how long this node is silent from now on. */
  static String sleeps(int seconds) {
    return new Json().begin('{').name("v").number(VERSION).name("sleeps_s").number(seconds).end('}')
        + "\n";
  }

  private static String last(Delivery.Inquired answer) {
    Json json = new Json().begin('{').name("v").number(VERSION).name("of").text(answer.zone());
    if (!answer.fault().isEmpty()) {
      return json.name("error").text(answer.fault()).end('}') + "\n";
    }
    int rows = answer.zones().size() + answer.nodes().size();
    return json.name("rows").number(rows).name("omitted").number(answer.omitted()).end('}') + "\n";
  }

  private static String zone(Delivery.Result row) {
    Json json = new Json().begin('{').name("v").number(VERSION);
    json.name("zone").text(row.zone()).name("query").text(row.query());
    json.name("window").begin('{').name("start").time(row.startMillis());
    json.name("end").time(row.endMillis()).end('}').name("ts").number(row.endMillis());
    json.name("values").begin('{');
    row.values().forEach((column, value) -> json.name(column).number(value));
    row.others().forEach((column, answer) -> answer(json.name(column), answer));
    json.end('}');
    units(json, row.units());
    json.name("coverage").begin('{').name("reported").number(row.reported());
    json.name("expected").number(row.expected()).end('}');
    json.name("oldest_s").number(row.oldestMillis() / 1000.0);
    return json.end('}').toString();
  }

  private static String node(Delivery.Latest row, long windowEndMillis) {
    Json json = new Json().begin('{').name("v").number(VERSION);
    json.name("node").text(row.node());
    json.name("contributed").flag(row.endMillis() == windowEndMillis);
    json.name("window_end").time(windowEndMillis);
    if (row.endMillis() > 0) {
      json.name("time").time(row.endMillis()).name("ts").number(row.endMillis());
    }
    json.name("values").begin('{');
    row.values().forEach((channel, value) -> json.name(channel).number(value));
    json.end('}');
    units(json, row.units());
    return json.end('}').toString();
  }

  private static void units(Json json, SortedMap<String, String> units) {
    json.name("units").begin('{');
    for (Map.Entry<String, String> unit : units.entrySet()) {
      json.name(unit.getKey()).text(unit.getValue());
    }
    json.end('}');
  }

  private static void answer(Json json, Answer answer) {
    switch (answer) {
      case Answer.Quantity(double value) -> json.number(value);
      case Answer.Truth(boolean holds) -> json.flag(holds);
      case Answer.Histogram of -> {
        json.begin('{').name("from").number(of.low()).name("to").number(of.high());
        json.name("below").number(of.below()).name("counts").begin('[');
        of.counts().forEach(json::number);
        json.end(']').name("above").number(of.above()).end('}');
      }
      case Answer.Ranking ranking -> {
        json.begin('[');
        for (Answer.Ranked one : ranking.nodes()) {
          json.begin('{').name("node").text(one.node()).name("value").number(one.value()).end('}');
        }
        json.end(']');
      }
      case Answer.Numbers numbers -> {
        json.begin('{').name("distinct").begin('[');
        numbers.values().forEach(value -> json.number((double) value));
        json.end(']').name("more").flag(numbers.more()).end('}');
      }
      case Answer.Texts texts -> {
        json.begin('{').name("distinct").begin('[');
        texts.values().forEach(json::text);
        json.end(']').name("more").flag(texts.more()).end('}');
      }
    }
  }
}
