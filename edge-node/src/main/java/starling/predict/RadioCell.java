package starling.predict;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import starling.link.LinkProfile;

/**
 * A cell on one radio channel, all in each other's reach: own frames in slots of the next window's
 * first half, representatives last; then requests and up to three answers each.
 *
 * @param members who contribute, 1 and up
 * @param channels values in a contribution
 * @param loss share of frames lost on each way, 0 to {@link Gossip#LOSS_MAX}
 * @param above how many zones' results are said to the cell
 */
public record RadioCell(LinkProfile profile, int members, int channels, double loss, int above)
    implements Cell {
  private static final double ENOUGH = 0.5;
  private static final int REQUESTS_MAX = 64;
  private static final double REPAIR_FACTOR = 1.6;
  private static final int LAST_FRAME_BYTES = 60;

  public RadioCell {
    if (members < 1 || channels < 0 || above < 0) {
      throw new IllegalArgumentException("a cell has at least 1 member");
    }
  }

  /** The same, where only contributions and their repair matter. */
  public RadioCell(LinkProfile profile, int members, int channels, double loss) {
    this(profile, members, channels, loss, 0);
  }

  /**
   * The airtime that windows are paced by, microseconds: all members' own frames and their repair
   * at a loss of about a fifth. A function of the roster and the medium alone, so that all members
   * agree on it.
   */
  public double pacedMicros() {
    int bytes = Math.min(profile.mtuBytes(), FrameSize.own(channels));
    return profile.airtime().micros(bytes) * REPAIR_FACTOR * members;
  }

  /**
   * What windows are paced by besides, microseconds: a typical row of each zone above, said once in
   * a frame of its own.
   */
  public double rowsMicros() {
    return above * micros(FrameSize.ROW_ALONE);
  }

  /**
   * How a representative comes to have the cell's contributions: with the last slot all that were
   * not lost, then after each request what it brought. A request is heard by an answerer and its
   * answer by the asker with probability (1 - loss)^2; up to three answer.
   *
   * @param windowMillis the window's length
   * @return one arrival at least; the last leaves less than one contribution out
   */
  public List<Arrival> delivery(long windowMillis) {
    double once = (1 - loss) * (1 - loss);
    double answered = 1 - Math.pow(1 - once, answerers());
    double lastMicros = profile.airtime().micros(LAST_FRAME_BYTES) + profile.delay().micros();
    double millis =
        SlotPlan.speakingMillis(windowMillis) * (members - 1.0) / members + lastMicros / 1000;
    double gap = SlotPlan.GAP_ANSWERS * SlotPlan.answerMicros(profile) / 1000.0;
    double missing = loss;
    List<Arrival> arrivals = new ArrayList<>();
    arrivals.add(new Arrival(Math.round(millis), 1 - missing));
    for (int request = 0; missing * members > ENOUGH && request < REQUESTS_MAX; request++) {
      millis += request == 0 ? gap / 2 : gap;
      gap *= request == 0 ? 1 : SlotPlan.GAP_GROWTH;
      missing *= 1 - answered;
      arrivals.add(new Arrival(Math.round(millis), 1 - missing));
    }
    return arrivals;
  }

  /**
   * A moment of a window's delivery.
   *
   * @param millis since the window's end
   * @param share of the cell's contributions that are in, on average
   */
  public record Arrival(long millis, double share) {}

  @Override
  public long completeMillis(long windowMillis) {
    return delivery(windowMillis).getLast().millis();
  }

  private int answerers() {
    return Math.clamp(members - 2, 1, SlotPlan.ANSWERERS);
  }

  @Override
  public Traffic traffic() {
    int mtu = profile.mtuBytes();
    int representatives = Math.min(SlotPlan.REPRESENTATIVES, members);
    int row = FrameSize.row(channels);
    int rows = Math.clamp((mtu - FrameSize.COMMON) / row, 1, SlotPlan.ROWS_MAX);
    Repair repair = new Repair(representatives, rows);
    repair.run();
    double perAnswer = repair.answers == 0 ? 0 : repair.passed / repair.answers;
    // Each representative tells them: it has them before it hears the others' frames.
    int told = Math.clamp((mtu - FrameSize.COMMON) / FrameSize.RESULT, 1, Math.max(1, above));
    double results = (double) representatives * Math.ceilDiv(above, told);
    double own = micros(Math.min(mtu, FrameSize.own(channels)));
    double requests = repair.requests * micros(FrameSize.COMMON);
    double answers = repair.answers * micros(FrameSize.COMMON + perAnswer * row);
    double telling = results * micros(FrameSize.COMMON + told * FrameSize.RESULT);
    return new Traffic(
        members,
        repair.requests,
        repair.answers,
        results,
        members * own + requests + answers + telling,
        own + (requests + telling) / representatives + answers / members);
  }

  private double micros(double bytes) {
    return profile.airtime().micros((int) Math.min(profile.mtuBytes(), Math.ceil(bytes)));
  }

  /**
   * Requests and answers of a window, as expected values: how likely each representative lacks a
   * given row, and any other member does, after each request in turn. Those who don't answer hear
   * answers too. (Simulated cells send up to a tenth more frames where 8 to 32 members lose a fifth
   * to two fifths.)
   */
  private final class Repair {
    private final double[] lacks;
    private final int rowsMax;
    private double othersLack = loss;
    private double requests;
    private double answers;
    private double passed;

    Repair(int representatives, int rowsMax) {
      lacks = new double[representatives];
      Arrays.fill(lacks, loss);
      this.rowsMax = rowsMax;
    }

    void run() {
      for (int asker = 0; asker < lacks.length; asker++) { // the first request rides in own frames
        ask(asker);
      }
      for (int again = 1; again < REQUESTS_MAX; again++) {
        for (int asker = 0; asker < lacks.length; asker++) {
          requests += any(lacks[asker]);
          ask(asker);
        }
      }
    }

    private double any(double each) {
      return 1 - Math.pow(1 - each, members - 1);
    }

    private void ask(int asker) {
      double hears = 1 - loss;
      double has = 1 - othersLack;
      double unsaid = 1; // of a row that the asker lacks, as the next answerer heard it
      double unheard = 1; // and as the asker did
      for (int rank = 0; rank < answerers(); rank++) {
        double says = lacks[asker] * unsaid * has;
        double rows = (members - 1) * says;
        double sent = Math.min(rows, rowsMax * any(says));
        double share = rows > 0 ? hears * has * sent / rows : 0;
        answers += hears * any(says);
        passed += hears * sent;
        unsaid *= 1 - share * hears;
        unheard *= 1 - share * hears;
      }
      // What nobody else says, its owner does.
      double owner = hears * unsaid;
      answers += (members - 1) * lacks[asker] * owner;
      passed += (members - 1) * lacks[asker] * owner;
      double came = lacks[asker] * (1 - unheard * (1 - owner * hears));
      lacks[asker] -= came;
      othersLack *= 1 - came;
      for (int other = 0; other < lacks.length; other++) {
        lacks[other] *= other == asker ? 1 : 1 - came;
      }
    }
  }
}
