package starling.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import starling.join.JoinRequest;
import starling.link.mqtt.Login;
import starling.wire.MalformedException;

/** A gateway's desk, through its API. What it says is checked here; what it passes on is signed. */
final class GatewayDesk implements JoinDesk {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private final HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
  private final URI joins;
  private final Optional<Login> login;
  private String state = "no answer";

  GatewayDesk(URI gateway, Optional<Login> login) {
    if (!List.of("http", "https").contains(String.valueOf(gateway.getScheme()))) {
      throw new IllegalArgumentException(
          "a gateway is named like http://gateway.local:9610, not '" + gateway + "'");
    }
    this.joins = gateway.resolve("/api/v1/joins");
    this.login = login;
  }

  @Override
  public List<JoinRequest> pending() throws IOException {
    List<JoinRequest> all = new ArrayList<>();
    try {
      for (JsonElement one : send(request().GET()).getAsJsonArray("joins")) {
        String bytes = one.getAsJsonObject().get("request").getAsString();
        all.add(JoinRequest.read(Base64.getDecoder().decode(bytes)));
      }
    } catch (MalformedException | IllegalArgumentException | NullPointerException e) {
      throw new IOException(joins + " answers something else than boards: " + e.getMessage(), e);
    }
    state = "the gateway answers";
    return all;
  }

  @Override
  public void decide(JoinRequest request, byte[] answer, byte[] charter) throws IOException {
    JsonObject decision = new JsonObject();
    decision.addProperty("id", request.id());
    decision.addProperty("answer", Base64.getEncoder().encodeToString(answer));
    decision.addProperty("charter", Base64.getEncoder().encodeToString(charter));
    JsonObject _ =
        send(
            request()
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(decision.toString())));
  }

  private HttpRequest.Builder request() {
    HttpRequest.Builder builder = HttpRequest.newBuilder(joins).timeout(TIMEOUT);
    login.ifPresent(one -> {
      byte[] both = (one.user() + ":" + one.password()).getBytes(UTF_8);
      builder.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(both));
    });
    return builder;
  }

  private JsonObject send(HttpRequest.Builder builder) throws IOException {
    try {
      HttpResponse<String> response =
          client.send(builder.build(), HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() == 401) {
        throw new IOException(joins + " wants a password: --user and --password-file");
      }
      JsonObject said = JsonParser.parseString(response.body()).getAsJsonObject();
      if (response.statusCode() != 200) {
        String detail = said.has("detail") ? said.get("detail").getAsString() : response.body();
        throw new IOException(joins + ": " + detail);
      }
      return said;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (JsonParseException | IllegalStateException e) {
      throw new IOException(joins + " is no gateway's API", e);
    } catch (java.net.ConnectException e) {
      throw new IOException(joins + " is not reached: does the gateway have [web]?", e);
    }
  }

  @Override
  public boolean spreads() {
    return true;
  }

  @Override
  public String state() {
    return state;
  }

  @Override
  public void close() {
    client.close();
  }
}
