package starling.gateway.api;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.stream.JsonWriter;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import starling.gateway.join.Joins;
import starling.join.Desk;
import starling.join.JoinRequest;
import starling.model.NodeId;
import starling.wire.MalformedException;

/** Boards that ask to join, and what the operator decides. */
final class JoinPages {
  /** A welcome and a charter of the largest branch, in base64. */
  private static final int BODY_MAX_BYTES = 512 << 10;

  private final Optional<Joins> joins;

  JoinPages(Optional<Joins> joins) {
    this.joins = joins;
  }

  String list() {
    List<Desk.Pending> pending = joins.map(Joins::pending).orElse(List.of());
    return Api.object(json -> {
      json.name("joins").beginArray();
      for (Desk.Pending one : pending) {
        show(one, json);
      }
      json.endArray();
    });
  }

  private static void show(Desk.Pending one, JsonWriter json) throws IOException {
    JoinRequest request = one.request();
    json.beginObject().name("id").value(request.id());
    json.name("fingerprint").value(request.fingerprint());
    json.name("path").value(request.card().path());
    json.name("node").value(NodeId.of(request.node()).toString());
    json.name("since").value(Instant.ofEpochMilli(one.sinceMillis()).toString());
    json.name("asked").value(Instant.ofEpochMilli(one.lastMillis()).toString());
    json.name("expires").value(Instant.ofEpochSecond(request.card().expiresSeconds()).toString());
    json.name("request").value(Base64.getEncoder().encodeToString(request.bytes()));
    json.endObject();
  }

  /** Takes {@code {"id", "answer", "charter"}}, both in base64, signed by the operator. */
  String decide(HttpExchange exchange) throws Problem.Found, IOException {
    Joins desk =
        joins.orElseThrow(() ->
            new Problem.Found(Problem.notFound("this gateway has no desk for boards that ask")));
    byte[] body = exchange.getRequestBody().readNBytes(BODY_MAX_BYTES + 1);
    if (body.length > BODY_MAX_BYTES) {
      throw new Problem.Found(Problem.badRequest("a decision has at most 512 KiB"));
    }
    try {
      JsonObject said =
          JsonParser.parseString(new String(body, StandardCharsets.UTF_8)).getAsJsonObject();
      String id = said.get("id").getAsString();
      JoinRequest request =
          desk.find(id)
              .orElseThrow(
                  () -> new Problem.Found(Problem.notFound("no board waits under the id " + id)));
      desk.decide(request, bytes(said, "answer"), bytes(said, "charter"));
      return Api.object(json -> json.name("decided").value(id));
    } catch (MalformedException e) {
      throw new Problem.Found(Problem.badRequest(String.valueOf(e.getMessage())));
    } catch (JsonParseException | IllegalStateException | NullPointerException e) {
      throw new Problem.Found(
          Problem.badRequest("a decision is {\"id\":…,\"answer\":BASE64,\"charter\":BASE64}"));
    }
  }

  private static byte[] bytes(JsonObject said, String name) throws MalformedException {
    try {
      return said.has(name)
          ? Base64.getDecoder().decode(said.get(name).getAsString())
          : new byte[0];
    } catch (IllegalArgumentException e) {
      throw new MalformedException(name + " is no base64");
    }
  }
}
