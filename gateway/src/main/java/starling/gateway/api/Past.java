package starling.gateway.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.stream.JsonWriter;
import com.sun.net.httpserver.HttpExchange;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import starling.gateway.history.Reading;
import starling.gateway.history.Row;
import starling.gateway.history.Selection;

/** The history, as it is asked for over HTTP; few may read at a time. */
final class Past {
  static final String[] PARAMETERS = {"path", "query", "name", "from", "to"};

  private static final int READERS_MAX = 4;

  /** As JSON they are made in memory. */
  private static final int ROWS_MAX = 20_000;

  private static final String USUALLY_FROM = "24h";
  private static final String USUALLY_TO = "0s";

  private final Optional<Path> file;
  private final Semaphore readers = new Semaphore(READERS_MAX);

  Past(Optional<Path> file) {
    this.file = file;
  }

  private interface Use {
    void of(Reading reading) throws Problem.Found, IOException;
  }

  String json(Parameters asked) throws Problem.Found, IOException {
    Selection of = selection(asked);
    List<Row> rows = new ArrayList<>();
    read(reading -> {
      existing(reading, of);
      reading.rows(
          of,
          row -> {
            if (rows.size() <= ROWS_MAX) {
              rows.add(row);
            }
          });
    });
    if (rows.size() > ROWS_MAX) {
      throw Parameters.refused(
          "that are more than "
              + ROWS_MAX
              + " numbers: ask for a shorter time, one zone, query or name, or "
              + Api.EXPORT);
    }
    return Api.object(json -> series(json, rows));
  }

  private static void series(JsonWriter json, List<Row> rows) throws IOException {
    json.name("series").beginArray();
    for (int i = 0; i < rows.size(); ) {
      Row.Series series = rows.get(i).series();
      json.beginObject().name("path").value(series.path());
      if (!series.query().isEmpty()) {
        json.name("query").value(series.query());
      }
      json.name("name").value(series.name()).name("unit").value(series.unit());
      json.name("samples").beginArray();
      for (; i < rows.size() && rows.get(i).series().equals(series); i++) {
        json.jsonValue(rows.get(i).json());
      }
      json.endArray().endObject();
    }
    json.endArray();
  }

  void csv(HttpExchange exchange, Parameters asked) throws Problem.Found, IOException {
    Selection of = selection(asked);
    read(reading -> {
      existing(reading, of);
      Api.begin(exchange, "text/csv; charset=utf-8");
      if (exchange.getRequestMethod().equals("GET")) {
        try (Writer to =
            new BufferedWriter(new OutputStreamWriter(exchange.getResponseBody(), UTF_8))) {
          to.write(Row.CSV_HEADER);
          reading.rows(of, row -> to.write(row.csv()));
        }
      }
    });
  }

  private void read(Use use) throws Problem.Found, IOException {
    if (file.isEmpty()) {
      throw new Problem.Found(Problem.notFound("no history is kept: [history] max_mb is 0"));
    }
    if (!readers.tryAcquire()) {
      throw new Problem.Found(
          Problem.busy(READERS_MAX + " read the history already: try again later"));
    }
    try (Reading reading = Reading.open(file.get())) {
      use.of(reading);
    } finally {
      readers.release();
    }
  }

  private static void existing(Reading reading, Selection of) throws Problem.Found, IOException {
    Selection anything = new Selection(of.path(), "", "", of.fromMillis(), of.toMillis());
    if (!of.path().isEmpty() && reading.series(anything).isEmpty()) {
      throw new Problem.Found(
          Problem.notFound("no numbers are kept of " + of.path() + " or of anything below it"));
    }
  }

  private static Selection selection(Parameters asked) throws Problem.Found {
    long now = System.currentTimeMillis();
    try {
      return new Selection(
          asked.path("path"),
          asked.text("query"),
          asked.text("name"),
          Selection.time(asked.text("from", USUALLY_FROM), now),
          Selection.time(asked.text("to", USUALLY_TO), now));
    } catch (IllegalArgumentException e) {
      throw Parameters.refused(String.valueOf(e.getMessage()));
    }
  }
}
