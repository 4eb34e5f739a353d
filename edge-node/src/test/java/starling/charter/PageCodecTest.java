package starling.charter;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import starling.model.Channel;
import starling.model.Charter;
import starling.model.Page;
import starling.model.Schema;
import starling.wire.MalformedException;

class PageCodecTest {
  private static final KeyPair KEYS = keys();
  static final Operator OPERATOR = new Operator(Operator.raw(KEYS.getPublic()));

  private static KeyPair keys() {
    try {
      return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  static Charter charter() {
    Draft draft =
        new Draft("orchard", 60_000)
            .schema(new Schema(1, List.of(new Channel("air_temperature", "Cel", 2, -40, 60))))
            .query("climate", "SELECT AVG(air_temperature) FROM readings")
            .cell("/orchard/north", Page.Medium.BROADCAST);
    for (int i = 0; i < 64; i++) {
      byte[] key = new byte[32];
      key[0] = (byte) i;
      draft.node("/orchard/north/n" + i, key, 1, Set.of(Draft.Duty.SENSES, Draft.Duty.UPLINK));
    }
    return draft.charter();
  }

  static byte[] sign(Page page) {
    return PageCodec.sign(page, OPERATOR, KEYS.getPrivate());
  }

  @Test
  void everyPageComesBack() throws MalformedException {
    for (Page page : charter().pages().values()) {
      assertEquals(page, PageCodec.open(sign(page), OPERATOR));
    }
  }

  @Test
  void aPageOfAnotherOperatorIsRefused() {
    Operator other = new Operator(Operator.raw(keys().getPublic()));
    byte[] signed = sign(charter().site().orElseThrow());
    assertThrows(MalformedException.class, () -> PageCodec.open(signed, other));
  }

  @Test
  void everyTruncationAndEveryChangedByteIsRefused() {
    byte[] signed = sign(charter().site().orElseThrow());
    for (int length = 0; length < signed.length; length++) {
      byte[] shorter = Arrays.copyOf(signed, length);
      assertThrows(MalformedException.class, () -> PageCodec.open(shorter, OPERATOR));
      byte[] changed = signed.clone();
      changed[length] ^= 0x10;
      assertThrows(MalformedException.class, () -> PageCodec.open(changed, OPERATOR));
    }
  }

  @Test
  void everyByteAtTheEdgeOfEveryFieldIsRefused() {
    for (Page page : charter().pages().values()) {
      byte[] signed = sign(page);
      for (int at = 0; at < signed.length; at++) {
        for (int value : new int[] {64, 255}) {
          byte[] changed = signed.clone();
          changed[at] = (byte) value;
          if (changed[at] != signed[at]) {
            assertThrows(MalformedException.class, () -> PageCodec.open(changed, OPERATOR));
          }
        }
      }
    }
  }

  @Test
  void aBundleComesBack() throws MalformedException {
    List<byte[]> pages = new ArrayList<>();
    charter().pages().values().forEach(page -> pages.add(sign(page)));
    List<byte[]> back = PageCodec.unbundle(PageCodec.bundle(pages));
    assertEquals(pages.size(), back.size());
    for (int i = 0; i < pages.size(); i++) {
      assertArrayEquals(pages.get(i), back.get(i));
    }
  }
}
