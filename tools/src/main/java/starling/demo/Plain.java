package starling.demo;

import java.io.PrintWriter;

/** One line for everything that is heard, where there is no terminal. */
final class Plain implements View {
  private final PrintWriter out;

  Plain(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void ready(Ready ready) {
    print("%d nodes of %s are running".formatted(ready.pids().size(), ready.site()));
    print("subscribe: " + Table.subscription(ready));
  }

  @Override
  public void heard(Heard heard) {
    switch (heard) {
      case Heard.Aggregate aggregate -> print(Table.line(aggregate));
      case Heard.NodeState node -> print("node " + node.path() + " is " + node.state());
      case Heard.Warning warning ->
          print("warning " + warning.kind() + " " + warning.subject() + ": " + warning.text());
      case Heard.Unreadable unreadable ->
          print("unreadable " + unreadable.topic() + ": " + unreadable.why());
      case Heard.Timing timing ->
          print(
              "timing %s predicted %d ms observed %d ms"
                  .formatted(timing.zone(), timing.predictedMillis(), timing.observedMillis()));
      case Heard.Other _ -> {}
    }
  }

  @Override
  public void first(Timekeeper.First first) {
    print(
        "first complete %s after %.1f s, predicted %.1f s"
            .formatted(first.zone(), first.seconds(), first.predictedSeconds()));
  }

  @Override
  public void tick(long nowMillis) {}

  @Override
  public void checked(Verdict verdict) {
    verdict.lines().forEach(this::print);
  }

  private void print(String line) {
    out.println(line);
    out.flush();
  }
}
