package starling.zone;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import starling.model.Hash;
import starling.model.Member;
import starling.model.Members;
import starling.model.Page;
import starling.model.Window;
import starling.predict.SlotPlan;

/**
 * Who does what in a cell: pure functions of the roster and of who is present, so that all members
 * that know the same decide the same without a word.
 *
 * @param representatives the slots that represent the cell, first first
 * @param wanting those who want every contribution of the cell: its representatives and its
 *     gateways, as a bitmap
 */
record Ranks(Page.Cell cell, Members members, List<Integer> representatives, long wanting) {
  /** The most representatives of a cell. */
  static final int REPRESENTATIVES = SlotPlan.REPRESENTATIVES;

  private static final double SPEAKERS_A_SHARE = 16;

  /** The most members that answer one request. */
  static final int ANSWERERS = SlotPlan.ANSWERERS;

  /**
   * The ranks of a cell's members.
   *
   * @param contacts the slots at which others reach the cell, by its parent's page
   */
  static Ranks of(Page.Cell cell, List<Integer> contacts, Members members) {
    List<Integer> representatives = representatives(cell, contacts, members);
    long wanting = 0;
    for (int slot : representatives) {
      wanting |= 1L << slot;
    }
    for (Member member : cell.members()) {
      wanting |= member.gateway() ? 1L << member.slot() : 0;
    }
    return new Ranks(cell, members, representatives, wanting);
  }

  /**
   * Present members with an uplink on which they hear others and who are awake, if there are any,
   * else whoever has one: steady ones first, then those whom most of the cell hears, then in the
   * order in which others try to reach them (which the charter draws: gateways and mains before
   * battery, then by hash).
   */
  private static List<Integer> representatives(
      Page.Cell cell, List<Integer> contacts, Members members) {
    List<Member> uplinked =
        cell.members().stream()
            .filter(member -> member.uplink() && members.present(member.slot()))
            .toList();
    boolean anyAble = uplinked.stream().anyMatch(member -> members.able(member.slot()));
    return uplinked.stream()
        .filter(member -> !anyAble || members.able(member.slot()))
        .sorted(
            Comparator.comparing((Member member) -> !members.steady(member.slot()))
                .thenComparing(member -> !members.wellHeard(member.slot()))
                .thenComparingInt(member -> place(member.slot(), contacts))
                .thenComparing(Member.BY_STANDING))
        .limit(REPRESENTATIVES)
        .map(Member::slot)
        .toList();
  }

  private static int place(int slot, List<Integer> contacts) {
    int place = contacts.indexOf(slot);
    return place < 0 ? contacts.size() : place;
  }

  /** Whether it falls to one slot to tell another, who wants less, of the zones above. */
  boolean tells(int slot, int member) {
    return !representatives.isEmpty()
        && representatives.get(member % representatives.size()) == slot;
  }

  /**
   * Among how many equal shares the channel is divided, of which a member's is one. Those who want
   * all contributions ask for them, so their shares are larger; a sixteenth of another's for each
   * speaker: one who takes itself for one of them in error has less than the tenth that is kept.
   *
   * @param wants whether it wants all
   */
  static double among(int speakers, int wanting, boolean wants) {
    double weight = 1 + speakers / SPEAKERS_A_SHARE;
    double shares = speakers + wanting * (weight - 1);
    return wants ? shares / weight : shares;
  }

  boolean wants(int slot) {
    return (wanting & 1L << slot) != 0;
  }

  /** How many ask for what they lack: all who want everything. */
  int askers() {
    return Math.max(1, Long.bitCount(wanting));
  }

  /** The place of one of these among them: representatives first. */
  int asker(int slot) {
    int place = representatives.indexOf(slot);
    if (place >= 0) {
      return place;
    }
    long others = wanting;
    for (int representative : representatives) {
      others &= ~(1L << representative);
    }
    return representatives.size() + Long.bitCount(others & (1L << slot) - 1);
  }

  /** How many members speak after a window. */
  int speaking() {
    int speaking = 0;
    for (Member member : cell.members()) {
      speaking += speaks(member) ? 1 : 0;
    }
    return speaking;
  }

  private static boolean speaks(Member member) {
    return member.senses() || member.uplink();
  }

  /**
   * The order in which members speak after a window on a broadcast medium: by hash of slot and
   * window, so that who collides once does not collide always; representatives last, since their
   * frames say what they have by then.
   */
  List<Integer> speakers(Window window) {
    List<Integer> slots = new ArrayList<>();
    for (Member member : cell.members()) {
      if (speaks(member)) {
        slots.add(member.slot());
      }
    }
    slots.sort(
        Comparator.comparingInt((Integer slot) -> representatives.contains(slot) ? 1 : 0)
            .thenComparingLong(slot -> Hash.of(window.index(), slot)));
    return slots;
  }

  /** Those who are here and awake, as far as is known. */
  long awake() {
    long awake = 0;
    for (Member member : cell.members()) {
      boolean here = members.present(member.slot()) && members.awake(member.slot());
      awake |= here ? 1L << member.slot() : 0;
    }
    return awake;
  }

  /** The first of some members in an order drawn by {@code salt}. */
  static int first(long among, int asker, long salt) {
    int first = -1;
    long least = 0;
    for (long left = among; left != 0; left &= left - 1) {
      int slot = Long.numberOfTrailingZeros(left);
      long drawn = Hash.of(salt, asker, slot);
      if (first < 0 || Long.compareUnsigned(drawn, least) < 0) {
        first = slot;
        least = drawn;
      }
    }
    return first;
  }

  /** The place of {@code slot} among some members, drawn by {@code salt}; at most {@code most}. */
  static int place(int slot, long among, int asker, long salt, int most) {
    long own = Hash.of(salt, asker, slot);
    int rank = 0;
    for (long left = among & ~(1L << slot); left != 0 && rank < most; left &= left - 1) {
      long other = Hash.of(salt, asker, Long.numberOfTrailingZeros(left));
      rank += Long.compareUnsigned(other, own) < 0 ? 1 : 0;
    }
    return rank;
  }

  /**
   * The place of {@code slot} among those who answer a request, or -1 if it does not: at most
   * {@value #ANSWERERS}, drawn anew for each request by {@code salt}, the asker's frame counter.
   * The first of them is one who wants all contributions: it has most of them, and a larger share
   * of the channel.
   */
  int answerer(int asker, long salt, int slot) {
    int first = firstAnswerer(asker, salt);
    if (slot == first) {
      return 0;
    }
    int rank = first < 0 ? 0 : 1;
    for (Member member : cell.members()) {
      int other = member.slot();
      boolean candidate = other != slot && other != first && mayAnswer(other, asker);
      if (candidate && before(other, slot, asker, salt)) {
        rank++;
      }
    }
    return rank < ANSWERERS ? rank : -1;
  }

  private int firstAnswerer(int asker, long salt) {
    int first = -1;
    for (Member member : cell.members()) {
      int other = member.slot();
      boolean candidate = wants(other) && mayAnswer(other, asker);
      if (candidate && (first < 0 || before(other, first, asker, salt))) {
        first = other;
      }
    }
    return first;
  }

  private boolean mayAnswer(int slot, int asker) {
    return slot != asker && members.present(slot) && members.awake(slot);
  }

  private static boolean before(int one, int other, int asker, long salt) {
    return Long.compareUnsigned(Hash.of(salt, asker, one), Hash.of(salt, asker, other)) < 0;
  }
}
