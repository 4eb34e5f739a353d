package starling.demo;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.PrintWriter;

/** What {@code --json} prints: one object a line, for scripts. */
final class JsonEvents implements View {
  private static final Gson GSON = new Gson();

  private final PrintWriter out;

  JsonEvents(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void ready(Ready ready) {
    JsonArray nodes = new JsonArray();
    ready
        .pids()
        .forEach((path, pid) -> {
          JsonObject node = new JsonObject();
          node.addProperty("path", path);
          node.addProperty("pid", pid);
          nodes.add(node);
        });
    JsonObject event = event("ready");
    event.addProperty("mqtt", ready.mqtt().toString());
    event.addProperty("site", ready.site());
    event.add("nodes", nodes);
    event.addProperty("gateway_pid", ready.gatewayPid());
    print(event);
  }

  @Override
  public void heard(Heard heard) {
    switch (heard) {
      case Heard.Aggregate aggregate -> aggregate(aggregate);
      case Heard.NodeState node -> node(node);
      default -> {}
    }
  }

  @Override
  public void first(Timekeeper.First first) {
    JsonObject event = event("first");
    event.addProperty("zone", first.zone());
    event.addProperty("seconds", first.seconds());
    if (first.predictedSeconds() >= 0) {
      event.addProperty("predicted_seconds", first.predictedSeconds());
    }
    print(event);
  }

  @Override
  public void tick(long nowMillis) {}

  private void aggregate(Heard.Aggregate aggregate) {
    JsonObject event = event("aggregate");
    event.addProperty("topic", aggregate.topic());
    event.add("payload", aggregate.payload());
    print(event);
  }

  private void node(Heard.NodeState node) {
    JsonObject event = event("node");
    event.addProperty("path", node.path());
    event.addProperty("state", node.state());
    print(event);
  }

  @Override
  public void checked(Verdict verdict) {
    JsonObject event = event("check");
    event.addProperty("ok", verdict.ok());
    event.addProperty("windows", verdict.windows());
    event.addProperty("complete", verdict.complete());
    event.addProperty("values_compared", verdict.valuesCompared());
    event.addProperty("largest_error", verdict.largestError());
    print(event);
  }

  private static JsonObject event(String name) {
    JsonObject event = new JsonObject();
    event.addProperty("event", name);
    return event;
  }

  private void print(JsonObject event) {
    out.println(GSON.toJson(event));
    out.flush();
  }
}
