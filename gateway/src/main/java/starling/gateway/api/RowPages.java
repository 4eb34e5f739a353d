package starling.gateway.api;

import com.sun.net.httpserver.HttpExchange;
import java.util.List;
import java.util.concurrent.ExecutionException;
import starling.gateway.inquiry.Inquirer;
import starling.gateway.inquiry.Rows;
import starling.model.Delivery;

/** The rows inside any zone: the only page that asks the field for what this gateway has not. */
final class RowPages {
  private static final List<String> PARAMETERS = List.of("path", "query", "timeout_s");

  private final Inquirer inquirer;

  RowPages(Inquirer inquirer) {
    this.inquirer = inquirer;
  }

  String rows(HttpExchange exchange) throws Problem.Found {
    Parameters asked = new Parameters(exchange.getRequestURI(), PARAMETERS);
    // Such a page could not read the answer, but the field would have been asked.
    if ("cross-site".equals(exchange.getRequestHeaders().getFirst("Sec-Fetch-Site"))) {
      throw new Problem.Found(Problem.forbidden("pages of other sites may not ask the field"));
    }
    long seconds = asked.number("timeout_s", Inquirer.PATIENCE_SECONDS);
    if (seconds < 1 || seconds > Inquirer.PATIENCE_MAX_SECONDS) {
      throw Parameters.refused("timeout_s is 1 to " + Inquirer.PATIENCE_MAX_SECONDS);
    }
    Delivery.Inquired answer = ask(asked.path("path"), asked.text("query"), (int) seconds);
    return switch (answer.outcome()) {
      case ROWS -> Api.object(json -> Rows.write(json, answer));
      case UNKNOWN -> throw new Problem.Found(Problem.notFound(answer.fault()));
      case UNANSWERED -> throw new Problem.Found(Problem.unanswered(answer.fault()));
      case BUSY, UNREADY -> throw new Problem.Found(Problem.busy(answer.fault()));
    };
  }

  private Delivery.Inquired ask(String path, String query, int seconds) throws Problem.Found {
    try {
      return inquirer.ask(path, query, seconds).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Problem.Found(Problem.busy("this gateway's pages are being closed"));
    } catch (ExecutionException e) {
      throw new IllegalStateException("an inquiry always has an outcome", e);
    }
  }
}
