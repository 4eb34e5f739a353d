package starling.charter;

import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import starling.wire.MalformedException;

/**
 * What a page says that the one before it did not: the page, deflated with the one before as its
 * dictionary (RFC 1951; the dictionary as in RFC 1950, 2.2). A revision changes a few entries, so
 * this takes a tenth of the page; the signature counts for the whole all the same.
 */
final class PageDelta {
  private PageDelta() {}

  /** What leads from one page to another. */
  static byte[] of(byte[] page, byte[] before) {
    try (Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true)) {
      deflater.setDictionary(before);
      deflater.setInput(page);
      deflater.finish();
      byte[] delta = new byte[2 * page.length + Long.SIZE]; // more than deflate ever adds
      return Arrays.copyOf(delta, deflater.deflate(delta));
    }
  }

  /**
   * The page that this leads to.
   *
   * @throws MalformedException it leads to none, or to more than {@link PageCodec#PAGE_MAX_BYTES}
   */
  static byte[] apply(byte[] delta, byte[] before) throws MalformedException {
    try (Inflater inflater = new Inflater(true)) {
      inflater.setDictionary(before);
      inflater.setInput(delta);
      byte[] page = new byte[PageCodec.PAGE_MAX_BYTES + 1]; // it ends within
      int length = inflater.inflate(page);
      if (!inflater.finished()) {
        throw new MalformedException("no page comes of what has changed");
      }
      return Arrays.copyOf(page, length);
    } catch (DataFormatException e) {
      throw new MalformedException("what has changed of a page: " + e.getMessage());
    }
  }
}
