package starling.frame;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** The published vectors of docs/protocol.md, and the key derivation against Wycheproof's. */
class VectorsTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final Path WYCHEPROOF =
      Path.of(System.getProperty("wycheproof", "../../shared/data/vectors"));

  /** What docs/protocol.md says: site key 00..1f, epoch 3, node 0123456789abcdef, and so on. */
  private record Vector(boolean introduces, int link, String sections, String frame) {}

  private static final List<Vector> VECTORS =
      List.of(
          new Vector(false, 1, "28000102", "03123405000102947d2ef606010cd58f85df3052"),
          new Vector(
              true,
              1,
              "28000102",
              "13123405000102940123456789abcdef00000007cafef00d7539b45ea2c2600f0fc07dda"),
          new Vector(false, 2, "28000102", "0312340500010294dd72d5f635adf0646d862f60"),
          new Vector(false, 0x81, "28000102", "031234050001029428000102fb3b2eb2372de024"),
          new Vector(
              true,
              0x81,
              "28000102",
              "13123405000102940123456789abcdef00000007cafef00d2800010260b1f01b9aac107a"),
          new Vector(
              true, 2, "", "13123405000102940123456789abcdef00000007cafef00d481157973606d79e"));

  private static Keyring keyring() {
    byte[] key = new byte[Keyring.KEY_BYTES];
    for (int i = 0; i < key.length; i++) {
      key[i] = (byte) i;
    }
    return Keyring.of(3, key);
  }

  private static byte[] seal(Vector vector) {
    Introduction self = new Introduction(0x0123_4567_89AB_CDEFL, 7, 0xCAFE_F00D);
    FrameHeader header = new FrameHeader(vector.introduces(), 3, 0x1234, 5, 0x00_0102, 9, 4);
    byte[] sections = HEX.parseHex(vector.sections());
    return new Sealer(keyring(), 3, self, header.sender(), vector.link())
        .seal(header, sections, sections.length);
  }

  @Test
  void framesAreSealedAsPublished() throws IOException {
    String published =
        Files.readString(Path.of(System.getProperty("docs", "../docs"), "protocol.md"));
    for (Vector vector : VECTORS) {
      String sealed = HEX.formatHex(seal(vector));
      assertEquals(vector.frame(), sealed);
      assertTrue(published.contains(sealed), "docs/protocol.md lacks " + sealed);
    }
  }

  @Test
  void publishedFramesOpen() {
    Opened opened =
        new Opener(keyring(), 1, Opener.Knowledge.NONE).open(HEX.parseHex(VECTORS.get(1).frame()));
    assertArrayEquals(HEX.parseHex("28000102"), ((Opened.Frame) opened).sections());
  }

  @Test
  void keysAreDerivedAsWycheproofSays() throws IOException {
    Path file = WYCHEPROOF.resolve("wycheproof_hkdf_sha256_test.json");
    if (Files.notExists(file)) {
      return; // not part of the project: used where it is at hand
    }
    int checked = 0;
    JsonObject all = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
    for (JsonElement group : all.getAsJsonArray("testGroups")) {
      for (JsonElement element : group.getAsJsonObject().getAsJsonArray("tests")) {
        JsonObject test = element.getAsJsonObject();
        byte[] secret = HEX.parseHex(test.get("ikm").getAsString());
        if (!test.get("result").getAsString().equals("valid") || secret.length == 0) {
          continue;
        }
        byte[] derived =
            Keyring.derive(
                new SecretKeySpec(secret, "HKDF"),
                HEX.parseHex(test.get("salt").getAsString()),
                HEX.parseHex(test.get("info").getAsString()),
                test.get("size").getAsInt());
        assertEquals(test.get("okm").getAsString(), HEX.formatHex(derived), test.toString());
        checked++;
      }
    }
    assertTrue(checked > 50, "only " + checked + " vectors");
  }
}
