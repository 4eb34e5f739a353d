package starling.link.mqtt;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class GatheringTest {
  private static final String PUBLISH = "\u0032";
  private static final String PING = "\u00c0";

  private final AtomicInteger toCome = new AtomicInteger();
  private final Pieces pieces = new Pieces();
  private final Gathering gathering = new Gathering(pieces, toCome, 4);

  @Test
  void oneThatIsAloneLeavesAtOnce() throws IOException {
    toCome.set(1);
    packet(PUBLISH + "a");
    packet(PING);
    assertEquals(List.of(PUBLISH + "a", PING), pieces.left);
    assertEquals(0, toCome.get());
  }

  @Test
  void thoseHandedOverTogetherLeaveInOnePieceAndNothingElseCountsAsOneOfThem() throws IOException {
    toCome.set(2);
    packet(PUBLISH + "a");
    packet(PING);
    assertEquals(List.of(), pieces.left);
    packet(PUBLISH + "b");
    assertEquals(List.of(PUBLISH + "a" + PING + PUBLISH + "b"), pieces.left);
  }

  @Test
  void afterSoManyTheyLeaveWhateverIsToCome() throws IOException {
    toCome.set(100);
    for (String name : "abcdef".split("")) {
      packet(PUBLISH + name);
    }
    assertEquals(1, pieces.left.size());
    assertEquals(4 * 2, pieces.left.getFirst().length());
  }

  @Test
  void aLargeOneIsWrittenInPartsAndInItsPlace() throws IOException {
    toCome.set(2);
    String large = PUBLISH + "x".repeat(40_000);
    packet(PUBLISH + "a");
    for (int at = 0; at < large.length(); at += 8192) {
      gathering.write(
          large.substring(at, Math.min(at + 8192, large.length())).getBytes(ISO_8859_1));
    }
    gathering.flush();
    assertEquals(PUBLISH + "a" + large, String.join("", pieces.left));
    assertEquals(0, toCome.get());
  }

  private void packet(String octets) throws IOException {
    gathering.write(octets.getBytes(ISO_8859_1));
    gathering.flush();
  }

  private static final class Pieces extends OutputStream {
    private final ByteArrayOutputStream piece = new ByteArrayOutputStream();
    private final List<String> left = new ArrayList<>();

    @Override
    public void write(int octet) {
      piece.write(octet);
    }

    @Override
    public void flush() {
      left.add(piece.toString(ISO_8859_1));
      piece.reset();
    }
  }
}
