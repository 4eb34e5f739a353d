package starling.gateway.inquiry;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.util.List;
import starling.model.Delivery;
import starling.node.InquiryJson;

/** An inquiry's answer as JSON: the rows are those that {@code starling zones --json} prints. */
public final class Rows {
  private Rows() {}

  /**
   * Writes {@code "of"}, {@code "rows"} and {@code "omitted"}: which zone, the rows inside it, and
   * how many queries were left out as all together are too long.
   */
  public static void write(JsonWriter json, Delivery.Inquired answer) throws IOException {
    List<String> rows = InquiryJson.rows(answer).toList();
    json.name("of").value(answer.zone());
    json.name("rows").beginArray();
    for (String row : rows) {
      json.jsonValue(row);
    }
    json.endArray();
    json.name("omitted").value(answer.omitted());
  }
}
