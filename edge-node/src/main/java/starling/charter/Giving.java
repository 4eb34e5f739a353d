package starling.charter;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import starling.charter.Answers.Answer;
import starling.engine.Effects;
import starling.engine.SectionWriter;
import starling.model.Charter;
import starling.model.Page;
import starling.wire.Bytes;

/**
 * What a node gives of its pages to those who lack them: in parts, each as a CHUNK of {@link
 * CharterSpread}, of a page or of what has changed of it.
 */
final class Giving {
  static final int CHUNK = 2;
  static final int CHUNK_HEADER_MAX_BYTES = 2 + 5 + 5 + 2 + 2;
  static final int CHUNK_MIN_BYTES = 8;
  private static final int VERSION_BYTES = SectionWriter.HEADER_BYTES + 5;
  private static final int BESIDE_BYTES =
      VERSION_BYTES + SectionWriter.HEADER_BYTES + CHUNK_HEADER_MAX_BYTES;

  private final Shelf shelf;
  private Answers answers = Answers.NONE;

  /**
   * A part that was written.
   *
   * @param end where it ends
   * @param last whether nothing comes after it
   */
  record Part(Answer answer, int end, boolean last) {}

  /** One who gives these signed pages, by zone. */
  Giving(Map<Integer, byte[]> signed) {
    this.shelf = new Shelf(signed);
  }

  /** The signed page of a zone. */
  byte @Nullable [] page(int zone) {
    return shelf.page(zone);
  }

  /** A page of an earlier life. */
  void restore(int zone, byte[] page) {
    shelf.put(zone, page);
  }

  /**
   * Keeps a page, and how it differs from the one that it replaces.
   *
   * @param before the version of that one
   */
  void put(int zone, byte[] page, long before, Effects out) {
    answers = answers.withoutPage(zone);
    byte[] replaced = shelf.page(zone);
    byte[] delta = replaced == null ? page : PageDelta.of(page, replaced);
    if (delta.length < page.length) {
      shelf.put(zone, page, before, out.shared(new Bytes(delta)).array());
    } else {
      shelf.put(zone, page);
    }
  }

  // ---- who asked

  /** Whether there is a page, and of what leads to it from a version the part that begins there. */
  boolean has(int zone, long before, int offset) {
    byte[] all = shelf.since(zone, before);
    return all == null ? shelf.page(zone) != null : offset < all.length;
  }

  /** From which version what has changed of the site page leads to it. */
  long before() {
    return shelf.before(Page.SITE);
  }

  /** Whether what leads from a version to the newest site page fits so many bytes. */
  boolean rides(int zone, long before, double bytes) {
    byte[] all = shelf.since(zone, before);
    return zone == Page.SITE && all != null && all.length <= bytes;
  }

  /** A neighbour gets the part that it asked for; the page itself if only that is here. */
  void promise(int neighbour, int zone, long before, int offset, long dueNanos) {
    boolean whole = shelf.since(zone, before) == null;
    answers =
        answers.with(
            whole
                ? new Answer(neighbour, zone, Shelf.NOTHING, 0, dueNanos)
                : new Answer(neighbour, zone, before, offset, dueNanos));
  }

  /** Somebody else said a part. */
  void heard(int neighbour, int zone, long before, int offset) {
    answers = answers.heard(neighbour, zone, before, offset);
  }

  /** How many wait for a part. */
  int waiting() {
    return answers.size();
  }

  boolean due(int neighbour, long nowNanos) {
    return answers.due(neighbour, nowNanos) != null;
  }

  long nextNanos(long nowNanos) {
    return answers.nextNanos(nowNanos);
  }

  // ---- giving

  /** Writes the part that a neighbour waits for, as much as there is room for; null if none. */
  @Nullable Part write(SectionWriter to, int neighbour, Charter charter, long nowNanos) {
    Answer answer = answers.due(neighbour, nowNanos);
    byte[] all = answer == null ? null : shelf.since(answer.zone(), answer.before());
    int end = answer == null || all == null ? 0 : write(to, answer, all, charter);
    return answer == null || all == null || end == 0
        ? null
        : new Part(answer, end, end == all.length);
  }

  /** Writes a part; answers where it ends, 0 if there is no room. */
  private static int write(SectionWriter to, Answer answer, byte[] all, Charter charter) {
    int room = to.remaining() - CHUNK_HEADER_MAX_BYTES;
    if (room < CHUNK_MIN_BYTES || answer.offset() >= all.length) {
      return 0;
    }
    int length = Math.min(room, all.length - answer.offset());
    to.open(CHUNK)
        .u16(answer.zone())
        .varint(charter.version(answer.zone()))
        .varint(answer.before() + 1)
        .varint(all.length)
        .varint(answer.offset())
        .bytes(all, answer.offset(), length);
    return to.close() ? answer.offset() + length : 0;
  }

  /**
   * A part has left.
   *
   * @param goesOn whether the rest follows unasked
   */
  void gave(Part part, boolean goesOn, long nowNanos) {
    answers = answers.without(part.answer());
    if (goesOn && !part.last()) {
      answers = answers.with(part.answer().from(part.end(), nowNanos));
    }
  }

  /** Whether there is room for what has changed of the site page, and its version. */
  boolean fits(SectionWriter to) {
    byte[] news = shelf.since(Page.SITE, before());
    return news != null && news.length <= to.remaining() - BESIDE_BYTES;
  }

  /** Writes what has changed of the site page unasked, if all of it fits. */
  @Nullable Part ride(SectionWriter to, int neighbour, Charter charter) {
    long before = shelf.before(Page.SITE);
    byte[] news = shelf.since(Page.SITE, before);
    boolean fits = news != null && news.length <= to.remaining() - CHUNK_HEADER_MAX_BYTES;
    if (news == null || before == Shelf.NOTHING || !fits) {
      return null;
    }
    Answer unasked = new Answer(neighbour, Page.SITE, before, 0, 0);
    int end = write(to, unasked, news, charter);
    return end == 0 ? null : new Part(unasked, end, true);
  }

  /** A part has left that nobody asked for: whoever did has it. */
  void rode(Part part) {
    Answer said = part.answer();
    heard(said.neighbour(), said.zone(), said.before(), said.offset());
  }
}
