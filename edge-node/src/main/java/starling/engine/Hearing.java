package starling.engine;

import java.util.Optional;
import java.util.OptionalLong;
import starling.frame.FrameHeader;
import starling.frame.Introduction;
import starling.frame.Opened;
import starling.frame.Opener;
import starling.link.Address;
import starling.model.Charter;
import starling.model.Delivery;
import starling.model.NodeId;
import starling.wire.MalformedException;
import starling.wire.WireReader;

/**
 * What a node makes of frames: those that it believes go to the protocols, section by section;
 * those that it does not change nothing, and are worth at most a word to their sender and a warning
 * to the owner.
 */
final class Hearing implements Opener.Knowledge {
  private static final int OFTEN = 2;
  private static final int LOW_BITS = 15;

  private final Engine engine;
  private final Introductions introductions;
  private final Boots boots = new Boots();
  private long framesHeard;
  private long framesRefused;
  private long noise;

  Hearing(Engine engine, Introductions introductions) {
    this.engine = engine;
    this.introductions = introductions;
  }

  Boots boots() {
    return boots;
  }

  long framesHeard() {
    return framesHeard;
  }

  long framesRefused() {
    return framesRefused;
  }

  long noise() {
    return noise;
  }

  // ---- what is known of senders

  @Override
  public OptionalLong nodeAt(int cell, int slot) {
    Charter charter = engine.facts().charter();
    return charter
        .cell(cell)
        .filter(page -> page.version() >= charter.newest(cell)) // else it may err
        .flatMap(page -> page.member(slot))
        .map(member -> OptionalLong.of(member.id().bits()))
        .orElse(OptionalLong.empty());
  }

  @Override
  public long generationFloor(long node) {
    Introduction self = engine.self();
    return node == self.node() ? self.generation() : engine.newestBoot(node);
  }

  @Override
  public void forgotten(Introduction boot) {
    boots.keep(boot.node(), boot.generation());
  }

  // ---- frames

  /** Answers false for noise, which changes nothing and is worth nobody's attention. */
  boolean heard(Port port, byte[] frame, long heardNanos, long nowNanos) {
    int bytes = frame.length;
    if (bytes > port.profile.mtuBytes()) {
      noise++;
      return false;
    }
    Opened now = port.opener.open(frame);
    if (!(now instanceof Opened.Noise)) {
      port.ledger.heard(bytes, engine.facts().members().lossPermille() / 1000.0, nowNanos);
    }
    switch (now) {
      case Opened.Frame opened -> accept(port, opened, bytes, heardNanos, nowNanos);
      case Opened.Refused refused -> refuse(port, refused, nowNanos);
      case Opened.Noise _ -> {
        noise++;
        return false;
      }
    }
    return true;
  }

  private void accept(Port port, Opened.Frame opened, int bytes, long heardNanos, long nowNanos) {
    FrameHeader header = opened.header();
    NodeId node = new NodeId(opened.sender().node());
    if (node.bits() == engine.self().node()) {
      if (!opened.sender().equals(engine.self())) {
        cloned(node, "this node's key speaks elsewhere too", nowNanos);
      }
      return; // a radio's echo of ourselves
    }
    if (opened.news() != Opened.News.NONE) {
      newBoot(node, opened, nowNanos);
    }
    if (boots.quarantined(node.bits(), nowNanos)) {
      framesRefused++;
      return;
    }
    framesHeard++;
    engine.believed(port, header);
    LinkView from = port.viewOf(header, engine.facts().self().cell());
    Event.Heard heard =
        new Event.Heard(from, header, node, opened.sender().generation(), bytes, heardNanos);
    if (engine.isOutsider(header)) {
      outsider(heard, opened, nowNanos);
      return;
    }
    engine.notify(heard, nowNanos);
    readSections(heard, opened, false, nowNanos);
  }

  /**
   * Whom the roster does not have, or not any more: what it says does not count. But it may ask for
   * the charter, or have a newer one; from that both learn where it belongs.
   */
  private void outsider(Event.Heard heard, Opened.Frame opened, long nowNanos) {
    framesRefused++;
    int ahead = heard.header().charterLow() - engine.facts().charter().low() & LOW_BITS;
    if (ahead == 0 || ahead > LOW_BITS / 2) { // else it may be in a roster that is not here yet
      Address from = new Address(heard.header().cell(), heard.header().slot());
      String text = "node " + heard.node() + " is not in the roster: what it says does not count";
      warn("roster", engine.nameOf(from), text, OFTEN, nowNanos);
    }
    engine.notifyOfOutsider(heard, nowNanos);
    readSections(heard, opened, true, nowNanos);
  }

  private void readSections(
      Event.Heard heard, Opened.Frame opened, boolean outsider, long nowNanos) {
    try {
      WireReader sections = opened.reader();
      while (sections.remaining() > 0) {
        readSection(heard, sections, outsider, nowNanos);
      }
    } catch (MalformedException e) {
      malformed(heard.header(), "rest of a frame skipped: " + e.getMessage(), nowNanos);
    }
  }

  private void readSection(Event.Heard heard, WireReader from, boolean outsider, long nowNanos)
      throws MalformedException {
    int first = from.u8();
    int length = SectionWriter.isLast(first) ? from.remaining() : from.u8();
    WireReader body = from.slice(length);
    SectionType type = SectionType.of(first >>> 4);
    if (type == null || outsider && !type.forOutsiders()) {
      return; // a later version's, or nothing to be believed
    }
    try {
      engine.read(type, new Section(heard, first & 7, body), nowNanos);
    } catch (MalformedException e) {
      String text = "rest of a " + type + " section skipped: " + e.getMessage();
      malformed(heard.header(), text, nowNanos);
    }
  }

  private void malformed(FrameHeader header, String text, long nowNanos) {
    String who = engine.nameOf(new Address(header.cell(), header.slot()));
    warn("malformed", who, text, 1, nowNanos);
  }

  private void newBoot(NodeId node, Opened.Frame opened, long nowNanos) {
    boots.heard(node.bits());
    if (opened.news() == Opened.News.NEWEST_BOOT && boots.started(node.bits(), nowNanos)) {
      cloned(node, "two nodes take turns in claiming one key", nowNanos);
    }
    if (opened.header().cell() == engine.facts().self().cell()) {
      engine.persistBoot(node.bits(), opened.sender().generation());
    }
  }

  private void refuse(Port port, Opened.Refused refused, long nowNanos) {
    framesRefused++;
    Address from = new Address(refused.header().cell(), refused.header().slot());
    String who = engine.nameOf(from);
    switch (refused.reason()) {
      case STRANGER -> ask(port, from);
      case EPOCH -> warnOfKey(refused, who, nowNanos);
      case TAG -> {
        if (refused.header().introduces()) {
          warnOfKey(refused, who, nowNanos);
        } else {
          ask(port, from); // another boot of it, whose keys we lack?
        }
      }
      case REPLAY ->
          warn("replay", who, "repeated frames dropped, nothing counted twice", OFTEN, nowNanos);
      case OLD_BOOT -> {
        contest(port, from, nowNanos);
        String text = "frames of an earlier boot dropped: " + refused.text();
        warn("replay", who, text, OFTEN, nowNanos);
      }
      case TWIN -> {
        contest(port, from, nowNanos);
        warn("clone", who, "dropped: " + refused.text() + "; a cloned card?", 1, nowNanos);
      }
      case ROSTER -> warn("roster", who, "dropped: " + refused.text(), 1, nowNanos);
    }
  }

  private void ask(Port port, Address stranger) {
    if (introductions.ask(port.index, stranger)) {
      port.introduceAgain(stranger); // it can't read the question of one whom it does not know
    }
  }

  private void warnOfKey(Opened.Refused refused, String who, long nowNanos) {
    String text = "frames dropped, nothing changed: " + refused.text();
    warn("key", who, text + "; " + who + " may hold another site key", OFTEN, nowNanos);
  }

  /** Lets a node whose boot is not believed know which boot of it is. */
  private void contest(Port port, Address from, long nowNanos) {
    believed(port, from)
        .ifPresent(boot -> {
          boots.contested(boot.node(), nowNanos);
          introductions.tellTaken(port.index, from, boot);
        });
  }

  private Optional<Introduction> believed(Port port, Address from) {
    Introduction known = port.opener.known(from.cell() << 8 | from.slot());
    if (known != null) {
      return Optional.of(known);
    }
    return engine
        .facts()
        .charter()
        .cell(from.cell())
        .flatMap(cell -> cell.member(from.slot()))
        .map(member -> member.id().bits())
        .filter(node -> engine.newestBoot(node) > 0)
        .map(node -> new Introduction(node, engine.newestBoot(node), 0));
  }

  private void cloned(NodeId node, String text, long nowNanos) {
    String advice = text + ": a cloned card? Give one of them a new key";
    warn("clone", node.toString(), advice, 1, nowNanos);
  }

  private void warn(String kind, String subject, String text, int atLeast, long nowNanos) {
    engine.warn(new Delivery.Warning(kind, subject, text), atLeast, nowNanos);
  }
}
