package starling.charter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class OperatorTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final Path WYCHEPROOF =
      Path.of(System.getProperty("wycheproof", "../../shared/data/vectors"));

  @Test
  void signaturesCountAsWycheproofSays() throws IOException {
    Path file = WYCHEPROOF.resolve("wycheproof_ed25519_test.json");
    if (Files.notExists(file)) {
      return; // not part of the project: used where it is at hand
    }
    int checked = 0;
    JsonObject all = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
    for (JsonElement element : all.getAsJsonArray("testGroups")) {
      JsonObject group = element.getAsJsonObject();
      String key = group.getAsJsonObject("publicKey").get("pk").getAsString();
      Operator operator = new Operator(HEX.parseHex(key));
      for (JsonElement one : group.getAsJsonArray("tests")) {
        JsonObject test = one.getAsJsonObject();
        byte[] message = HEX.parseHex(test.get("msg").getAsString());
        byte[] signed = HEX.parseHex(test.get("msg").getAsString() + test.get("sig").getAsString());
        boolean valid = test.get("result").getAsString().equals("valid");
        assertEquals(valid, operator.signed(signed, message.length), test.toString());
        checked++;
      }
    }
    assertTrue(checked > 100, "only " + checked + " vectors");
  }

  @Test
  void aKeyOfAnotherLengthIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Operator(new byte[31]));
  }
}
