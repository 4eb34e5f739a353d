package starling.inquiry;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import starling.engine.RowSource;
import starling.model.Charter;
import starling.model.Facts;
import starling.model.Hash;
import starling.model.Page;
import starling.wire.MalformedException;
import starling.wire.WireReader;
import starling.wire.WireWriter;

/**
 * Which zone's rows are asked for: from a zone that both ends know, the names on the way down to
 * it, as hashes, so that the deepest path fits the smallest frame.
 *
 * <pre>
 * hops 4 | 0 3 | ONE 1 | query 1, only if ONE | zone 2 | names 1 | (hash 3)...
 * </pre>
 *
 * @param hops how often it may still be passed on, 0 to {@value #HOPS_MAX}
 * @param query a standing query's number, or {@link RowSource#ALL}
 * @param zone a zone's id
 * @param names what leads down from it: hashes of names
 */
record Question(int hops, int query, int zone, List<Integer> names) {
  /** A path is at most so many hops long: up through one's cell, and down a level at a time. */
  static final int HOPS_MAX = 15;

  /** Bytes at most. */
  static final int BYTES_MAX = 1 + 1 + 2 + 1 + 3 * (Charter.DEPTH_MAX - 1);

  private static final int ONE = 1;

  Question {
    names = List.copyOf(names);
  }

  /** A question for a path; empty unless its first segment is the site's name. */
  static Optional<Question> of(String path, int query, Charter charter) {
    String[] segments = path.split("/", -1);
    boolean ours =
        segments.length >= 2
            && segments.length <= Charter.DEPTH_MAX + 2
            && segments[0].isEmpty()
            && charter.site().map(site -> site.site().equals(segments[1])).orElse(false);
    if (!ours) {
      return Optional.empty();
    }
    List<Integer> names = Arrays.stream(segments, 2, segments.length).map(Question::hash).toList();
    return Optional.of(new Question(HOPS_MAX, query, Page.ROOT, names));
  }

  /** What stands for a name: of a zone's 64 children, two are alike once in 8,000 zones. */
  static int hash(String name) {
    return (int) Hash.of(name.getBytes(java.nio.charset.StandardCharsets.UTF_8)) & 0xFF_FFFF;
  }

  /** Where a question leads that starts from a zone. */
  sealed interface Step {
    /** The zone that is meant: the own cell or one above it. */
    record Here(int zone) implements Step {}

    /** A zone of this node's own path that has no such child. */
    record Nowhere(int zone) implements Step {}

    /** Another branch, and what to ask there. */
    record Below(Page.Child child, Question question) implements Step {}

    /** A zone that this node does not know. */
    record Unknown() implements Step {}
  }

  /** Follows the names down as far as this node's charter reaches. */
  Step follow(Facts facts) {
    Charter charter = facts.charter();
    int cell = facts.self().cell();
    List<Page.Inner> above = charter.ancestors(cell);
    TreeMap<Integer, Page.Child> known = new TreeMap<>();
    above.forEach(inner -> inner.children().forEach(child -> known.put(child.zone(), child)));
    int at = zone;
    for (int i = 0; ; i++) {
      int here = at;
      Optional<Page.Inner> inner = above.stream().filter(one -> one.zone() == here).findFirst();
      if (at != cell && inner.isEmpty()) {
        Page.Child child = known.get(at);
        Question rest = new Question(hops - 1, query, at, names.subList(i, names.size()));
        return child == null ? new Step.Unknown() : new Step.Below(child, rest);
      }
      if (i == names.size()) {
        return new Step.Here(at);
      }
      int wanted = names.get(i);
      Optional<Page.Child> next =
          inner.stream()
              .flatMap(one -> one.children().stream())
              .filter(child -> hash(child.name()) == wanted)
              .findFirst();
      if (next.isEmpty()) {
        return new Step.Nowhere(at);
      }
      at = next.get().zone();
    }
  }

  /** The same, passed on to one who knows that zone, which it leads to. */
  Question at(int found) {
    return new Question(hops - 1, query, found, List.of());
  }

  /** Whether the same is asked, however far it has come. */
  boolean asksFor(Question other) {
    return query == other.query && zone == other.zone && names.equals(other.names);
  }

  void write(WireWriter to) {
    boolean one = query != RowSource.ALL;
    to.u8(hops << 4 | (one ? ONE : 0));
    if (one) {
      to.u8(query);
    }
    to.u16(zone).u8(names.size());
    names.forEach(to::u24);
  }

  static Question read(WireReader from) throws MalformedException {
    int first = from.u8();
    if ((first & 0x0E) != 0) {
      throw new MalformedException("an inquiry of a later version");
    }
    int query = (first & ONE) != 0 ? from.u8() : RowSource.ALL;
    int zone = from.u16();
    int count = from.u8();
    if (count >= Charter.DEPTH_MAX + 1) {
      throw new MalformedException("a path of " + count + " names");
    }
    Integer[] names = new Integer[count];
    for (int i = 0; i < count; i++) {
      names[i] = from.u24();
    }
    return new Question(first >>> 4, query, zone, List.of(names));
  }
}
