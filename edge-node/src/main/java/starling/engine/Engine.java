package starling.engine;

import static starling.engine.Protocol.Urgency.NONE;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import starling.frame.FrameHeader;
import starling.frame.Introduction;
import starling.frame.Keyring;
import starling.frame.Opened;
import starling.frame.Opener;
import starling.frame.Sealer;
import starling.link.Address;
import starling.link.AirtimeLedger;
import starling.link.LinkProfile;
import starling.model.Charter;
import starling.model.Delivery;
import starling.model.Fact;
import starling.model.Facts;
import starling.model.Member;
import starling.model.NodeId;
import starling.model.Self;
import starling.wire.MalformedException;
import starling.wire.WireReader;
import starling.wire.WireWriter;

/**
 * One node as a value machine: frames, local writes and the time go in; effects come out through
 * {@link Host}. Not thread-safe: one caller at a time. After each call, ask {@link #nextWakeNanos}
 * and {@link #tick} then.
 *
 * <p>Each link speaks in rounds. A frame leaves in a round when a protocol has news for a neighbour
 * ("news leaves now"), else one leaves at the round's end if somebody has anything to say at all;
 * never more than the profile's fan-out a round, and only with the ledger's permit. Each frame is
 * shared: a protocol gets what is left after the guarantees of those behind it, and who got less
 * than its guarantee lately goes first (deficit round robin, in bytes).
 *
 * <p>Nothing is sent before the boot's generation is durable.
 */
public final class Engine {
  private static final long GENERATION_KEY = 0;
  private static final int PROTOCOLS_MAX = 16;
  private static final int DEFICIT_MAX_BYTES = 1024;
  private static final long REST_NANOS = 250_000_000L;
  private static final int SPEAK_MIN_BYTES = 8;
  private static final int FRAMES_A_CALL_MAX = 8;
  private static final long WAKE_MIN_NANOS = 1_000_000L;

  private final Keyring keyring;
  private final Host host;
  private final RandomGenerator random;
  private final List<Port> ports = new ArrayList<>();
  private final List<Protocol> protocols = new ArrayList<>();
  private final Introductions introductions = new Introductions(this);
  private final Boots boots;
  private final Warnings warnings;
  private final long[] deficitBytes;
  private final byte[] scratch = new byte[LinkProfile.MTU_MAX_BYTES];
  private Facts facts;
  private Introduction self;
  private long generationId = -1;
  private long nextId = 1;
  private int currentProtocol;
  private long tickedNanos = Long.MIN_VALUE;
  private boolean factsChanged;
  private @Nullable Charter wired;
  private long framesSent;
  private long framesHeard;
  private long framesRefused;
  private long noise;

  private final Effects effects =
      new Effects() {
        @Override
        public void deliver(Delivery delivery) {
          host.deliver(delivery);
        }

        @Override
        public void publish(Fact fact) {
          facts = facts.with(fact);
          factsChanged = true;
        }

        @Override
        public long persist(long key, byte[] value) {
          return persistFor(currentProtocol, key, value);
        }
      };

  /**
   * An engine at rest; call {@link #restore} with what an earlier life persisted, then {@link
   * #start}.
   *
   * @param self who it is; its generation is what the owner last knew, 0 for a new node
   * @param charter the pages that the owner holds
   * @param protocols in the order in which one may know of the others
   * @param links the media, in the order of link numbers
   * @param random drives phases and salts: one seed, one behaviour
   */
  public Engine(
      Self self,
      Charter charter,
      Keyring keyring,
      List<Protocol> protocols,
      List<LinkProfile> links,
      RandomGenerator random,
      Host host) {
    this.keyring = keyring;
    this.host = host;
    this.random = random;
    this.facts = Facts.of(self, charter);
    this.protocols.add(introductions);
    this.protocols.addAll(protocols);
    if (this.protocols.size() > PROTOCOLS_MAX) {
      throw new IllegalArgumentException("at most " + PROTOCOLS_MAX + " protocols");
    }
    this.deficitBytes = new long[this.protocols.size()];
    this.warnings = new Warnings(host::deliver);
    this.boots = new Boots();
    this.self =
        new Introduction(self.id().bits(), Math.max(1, self.generation()), random.nextInt());
    Opener.Knowledge knowledge =
        new Opener.Knowledge() {
          @Override
          public OptionalLong nodeAt(int cell, int slot) {
            return facts
                .charter()
                .cell(cell)
                .flatMap(page -> page.member(slot))
                .map(member -> OptionalLong.of(member.id().bits()))
                .orElse(OptionalLong.empty());
          }

          @Override
          public long generationFloor(long node) {
            return boots.floor(node);
          }
        };
    for (LinkProfile profile : links) {
      Opener opener = Port.opener(keyring, profile, knowledge);
      long phase = random.nextLong(profile.roundMillis() * 1_000_000);
      ports.add(new Port(ports.size(), profile, opener, phase));
    }
  }

  /** One durable record of an earlier life, before {@link #start}. */
  public void restore(int protocol, long key, byte[] value) {
    if (protocol == SectionType.ENGINE.code()) {
      long generation = generationOf(value);
      if (key == GENERATION_KEY) {
        self = new Introduction(self.node(), Math.max(1, generation), self.salt());
        facts =
            new Facts(
                selfAt(generation), facts.time(), facts.charter(), facts.members(), facts.pace());
      } else {
        boots.restore(key, generation);
      }
      return;
    }
    for (Protocol candidate : protocols) {
      if (candidate.type().code() == protocol) {
        candidate.restore(key, value);
      }
    }
  }

  /** Begins this boot: takes the next generation, and speaks as soon as that is durable. */
  public void start(long nowNanos) {
    takeGeneration(facts.self().generation() + 1);
    rewire(nowNanos);
    notify(new Event.FactsChanged(), nowNanos);
    settle(nowNanos);
  }

  /** A frame was heard on a link; the array becomes the engine's. */
  public void heard(int link, byte[] frame, long heardNanos, long nowNanos) {
    Port port = ports.get(link);
    int bytes = frame.length;
    switch (port.opener.open(frame)) {
      case Opened.Frame opened -> accept(port, opened, bytes, heardNanos, nowNanos);
      case Opened.Refused refused -> refuse(port, refused, nowNanos);
      case Opened.Noise _ -> noise++;
    }
    settle(nowNanos);
  }

  /** What became of a frame given to {@link Host#send}. */
  public void left(int link, long frameId, boolean left, long nowNanos) {
    LinkView view = ports.get(link).arrived(frameId);
    if (view != null) {
      framesSent += left ? 1 : 0;
      for (Protocol protocol : protocols) {
        protocol.sent(view, frameId, left, nowNanos);
      }
      settle(nowNanos);
    }
  }

  /** A record given to {@link Host#persist} is on disk. */
  public void durable(long id, long nowNanos) {
    if (id == generationId) {
      generationId = -1;
      for (Port port : ports) {
        int epoch = facts.charter().site().map(s -> s.keyEpoch()).orElse(keyring.newestEpoch());
        port.sealer(new Sealer(keyring, epoch, self, Port.linkNumber(port.profile)));
      }
    } else {
      int index = (int) (id % PROTOCOLS_MAX);
      if (index < protocols.size()) {
        tell(index, new Event.Durable(id), nowNanos);
      }
    }
    settle(nowNanos);
  }

  /** The owner says something. */
  public void say(Local what, long nowNanos) {
    notify(new Event.Said(what), nowNanos);
    settle(nowNanos);
  }

  /** A link came up or went down. */
  public void linkState(int link, boolean up, long nowNanos) {
    ports.get(link).up = up;
    settle(nowNanos);
  }

  /** Time has passed. */
  public void tick(long nowNanos) {
    tickedNanos = nowNanos;
    for (int i = 0; i < protocols.size(); i++) {
      if (protocols.get(i).nextWakeNanos() <= nowNanos) {
        tell(i, new Event.Woke(), nowNanos);
      }
    }
    settle(nowNanos);
  }

  /**
   * When to {@link #tick} next, always after {@code nowNanos}: what is due already waits for a
   * link.
   */
  public long nextWakeNanos(long nowNanos) {
    long next = Long.MAX_VALUE;
    for (Protocol protocol : protocols) {
      long wake = protocol.nextWakeNanos();
      next = wake > tickedNanos ? Math.min(next, wake) : next;
    }
    for (Port port : ports) {
      next = Math.min(next, port.nextWakeNanos(promiseNanos(port) * 3 / 4));
    }
    return Math.max(next, nowNanos + WAKE_MIN_NANOS);
  }

  /** What the node knows now. */
  public Facts facts() {
    return facts;
  }

  /** What was counted since the start. */
  public Statistics statistics(long nowNanos) {
    long airtime = 0;
    double utilisation = 0;
    for (Port port : ports) {
      airtime += port.ledger.spentMicros();
      utilisation = Math.max(utilisation, port.ledger.utilisation(nowNanos));
    }
    return new Statistics(framesSent, framesHeard, framesRefused, noise, airtime, utilisation);
  }

  // ---- hearing

  private void accept(Port port, Opened.Frame opened, int bytes, long heardNanos, long nowNanos) {
    FrameHeader header = opened.header();
    NodeId node = new NodeId(opened.sender().node());
    if (opened.sender().node() == self.node()) {
      if (!opened.sender().equals(self)) {
        cloned(node, "this node's key speaks elsewhere too", nowNanos);
      }
      return; // a radio's echo of ourselves
    }
    if (opened.newBoot()) {
      newBoot(node, opened.sender().generation(), header, nowNanos);
    }
    if (boots.quarantined(node.bits(), nowNanos)) {
      framesRefused++;
      return;
    }
    LinkView view = port.viewOf(header.cell(), header.slot());
    if (view == null) {
      Address from = new Address(header.cell(), header.slot());
      view = new LinkView(port.index, port.profile, from, header.cell() == self().cell(), 63, 0);
    }
    framesHeard++;
    Event.Heard heard =
        new Event.Heard(view, header, node, opened.sender().generation(), bytes, heardNanos);
    notify(heard, nowNanos);
    try {
      readSections(heard, new WireReader(opened.sections()), nowNanos);
    } catch (MalformedException e) {
      malformed(heard, e, nowNanos);
    }
  }

  private void readSections(Event.Heard heard, WireReader from, long nowNanos)
      throws MalformedException {
    while (from.remaining() > 0) {
      int first = from.u8();
      int length = SectionWriter.isLast(first) ? from.remaining() : from.u8();
      WireReader body = from.slice(length);
      SectionType type = SectionType.of(first >>> 4);
      for (int i = 0; i < protocols.size() && type != null; i++) {
        if (protocols.get(i).type() == type) {
          tell(i, new Event.Section(heard, first & 7, body), nowNanos);
        }
      }
    }
  }

  private void newBoot(NodeId node, long generation, FrameHeader header, long nowNanos) {
    if (boots.started(node.bits(), generation, nowNanos)) {
      cloned(node, "two nodes take turns in claiming one key", nowNanos);
    }
    if (header.cell() == self().cell()) {
      persistFor(0, node.bits(), bytesOf(generation));
    }
  }

  private void refuse(Port port, Opened.Refused refused, long nowNanos) {
    framesRefused++;
    FrameHeader header = refused.header();
    Address from = new Address(header.cell(), header.slot());
    String who = nameOf(from);
    switch (refused.reason()) {
      case STRANGER -> introductions.ask(port.index, from);
      case TAG, EPOCH ->
          warnings.warn(
              "key",
              who,
              "frames dropped, nothing changed: "
                  + refused.text()
                  + "; "
                  + who
                  + " may hold another site key",
              3,
              nowNanos);
      case REPLAY ->
          warnings.warn(
              "replay", who, "repeated frames dropped, nothing counted twice", 3, nowNanos);
      case OLD_BOOT -> {
        tellTaken(port, header);
        warnings.warn(
            "replay", who, "frames of an earlier boot dropped: " + refused.text(), 3, nowNanos);
      }
      case TWIN -> {
        tellTaken(port, header);
        warnings.warn("clone", who, "dropped: " + refused.text() + "; a cloned card?", 1, nowNanos);
      }
      case ROSTER -> warnings.warn("roster", who, "dropped: " + refused.text(), 1, nowNanos);
    }
  }

  private void tellTaken(Port port, FrameHeader header) {
    Introduction known = port.opener.known().get(header.sender());
    if (known != null) {
      introductions.tellTaken(new NodeId(known.node()), known.generation());
    } else {
      facts
          .charter()
          .cell(header.cell())
          .flatMap(cell -> cell.member(header.slot()))
          .map(Member::id)
          .ifPresent(id -> introductions.tellTaken(id, boots.floor(id.bits())));
    }
  }

  private void cloned(NodeId node, String text, long nowNanos) {
    warnings.warn(
        "clone",
        node.toString(),
        text + ": a cloned card? Give one of them a new key",
        1,
        nowNanos);
  }

  void malformed(Event.Heard heard, MalformedException e, long nowNanos) {
    String who = nameOf(new Address(heard.header().cell(), heard.header().slot()));
    warnings.warn("malformed", who, "rest of a frame skipped: " + e.getMessage(), 1, nowNanos);
  }

  void introduceAgain(Event.Heard asker) {
    ports
        .get(asker.link().link())
        .introduceAgain(new Address(asker.header().cell(), asker.header().slot()));
  }

  /**
   * Somebody knows of a boot of ours that we don't: our state was rolled back, or we are not alone.
   */
  void generationTaken(long generation, long nowNanos) {
    if (generation >= self.generation() && generationId < 0 && boots.mayRaise(nowNanos)) {
      takeGeneration(generation + 1);
    }
  }

  // ---- speaking

  private void settle(long nowNanos) {
    for (int i = 0; i < protocols.size() && factsChanged; i++) {
      factsChanged = false;
      rewire(nowNanos);
      notify(new Event.FactsChanged(), nowNanos);
    }
    for (Port port : ports) {
      port.expire(nowNanos, (frameId, view) -> forget(view, frameId, nowNanos));
      port.ledger.shareAmong(facts.members().active());
      speak(port, nowNanos);
    }
  }

  private void speak(Port port, long nowNanos) {
    for (int i = 0; i < FRAMES_A_CALL_MAX; i++) {
      boolean idle = port.idleRound(nowNanos);
      if (!idle) {
        port.turnRound(nowNanos);
      }
      LinkView view = choose(port, idle, nowNanos);
      port.waiting = view != null && !port.open(nowNanos);
      if (view == null || port.waiting || !compose(port, view, nowNanos)) {
        port.turnRound(nowNanos);
        return;
      }
    }
  }

  /**
   * The neighbour with the most urgent news; failing that, at a round's end, whoever was not spoken
   * to for longest.
   */
  private @Nullable LinkView choose(Port port, boolean idle, long nowNanos) {
    LinkView best = null;
    Protocol.Urgency most = idle ? Protocol.Urgency.IDLE : Protocol.Urgency.NORMAL;
    long longest = -1;
    long overdueNanos = promiseNanos(port) * 3 / 4;
    for (LinkView view : port.views()) {
      Protocol.Urgency urgency = urgency(view, nowNanos);
      long silentNanos = port.silentNanos(view, nowNanos);
      boolean due = silentNanos >= overdueNanos && (port.profile.broadcast() || urgency != NONE);
      if (due && urgency.compareTo(Protocol.Urgency.NORMAL) < 0) {
        urgency = Protocol.Urgency.NORMAL;
      }
      int compared = urgency.compareTo(most);
      boolean idleOnAir = port.profile.broadcast() && urgency == Protocol.Urgency.IDLE;
      if (compared > 0 && !idleOnAir || compared == 0 && silentNanos > longest && !idleOnAir) {
        most = urgency;
        longest = silentNanos;
        best = view;
      }
    }
    return best;
  }

  private Protocol.Urgency urgency(LinkView view, long nowNanos) {
    Protocol.Urgency most = NONE;
    for (Protocol protocol : protocols) {
      Protocol.Urgency urgency = protocol.urgency(view, facts, nowNanos);
      most = urgency.compareTo(most) > 0 ? urgency : most;
    }
    return most;
  }

  private boolean compose(Port port, LinkView view, long nowNanos) {
    boolean alarm = urgency(view, nowNanos) == Protocol.Urgency.ALARM;
    boolean introduces = port.introduces(view);
    int overhead = Sealer.overheadBytes(introduces);
    int room = port.ledger.bytesAllowed(alarm, nowNanos) - overhead;
    if (room < SPEAK_MIN_BYTES) {
      port.rest(nowNanos + REST_NANOS);
      return false;
    }
    long frameId = nextId++;
    WireWriter to = new WireWriter(scratch, 0, room);
    SectionWriter sections = new SectionWriter(to);
    fill(sections, to, view, frameId, nowNanos);
    int length = SectionWriter.finish(scratch, sections);
    boolean due = port.silentNanos(view, nowNanos) >= promiseNanos(port) * 3 / 4;
    if (length == 0 && !due && !introduces) {
      forget(view, frameId, nowNanos);
      port.rest(nowNanos + REST_NANOS);
      return false;
    }
    FrameHeader header =
        new FrameHeader(
            introduces,
            facts.charter().site().map(s -> s.keyEpoch()).orElse(keyring.newestEpoch()),
            self().cell(),
            self().slot(),
            port.nextCounter(),
            facts.charter().low(),
            FrameHeader.promise(promiseNanos(port) / 1_000_000));
    byte[] frame = port.seal(header, scratch, length);
    AirtimeLedger.Permit permit = port.ledger.reserve(frame.length, alarm, nowNanos).orElse(null);
    if (permit == null) {
      forget(view, frameId, nowNanos);
      port.rest(nowNanos + REST_NANOS);
      return false;
    }
    port.departed(view, frameId, nowNanos);
    host.send(port.index, frameId, view.to(), permit, frame);
    if (port.exhausted()) {
      takeGeneration(self.generation() + 1);
    }
    return true;
  }

  private void fill(
      SectionWriter sections, WireWriter to, LinkView view, long frameId, long nowNanos) {
    List<Integer> speakers = speakers(view, nowNanos);
    int guaranteed = 0;
    for (int index : speakers) {
      guaranteed += protocols.get(index).share().guaranteedBytes();
    }
    for (int index : speakers) {
      Protocol protocol = protocols.get(index);
      int own = protocol.share().guaranteedBytes();
      guaranteed -= own;
      int before = to.length();
      int oldLimit =
          to.narrow(Math.max(Math.min(own, to.remaining()), to.remaining() - guaranteed));
      sections.type(protocol.type());
      protocol.fill(sections, view, frameId, facts, nowNanos);
      to.widen(oldLimit);
      long next = deficitBytes[index] + own - (to.length() - before);
      deficitBytes[index] = Math.clamp(next, -DEFICIT_MAX_BYTES, DEFICIT_MAX_BYTES);
    }
  }

  private List<Integer> speakers(LinkView view, long nowNanos) {
    List<Integer> speakers = new ArrayList<>();
    Map<Integer, Protocol.Urgency> urgencies = new LinkedHashMap<>();
    for (int i = 0; i < protocols.size(); i++) {
      Protocol.Urgency urgency = protocols.get(i).urgency(view, facts, nowNanos);
      if (urgency != NONE) {
        speakers.add(i);
        urgencies.put(i, urgency);
      }
    }
    speakers.sort((a, b) -> {
      int byUrgency = urgencies.getOrDefault(b, NONE).compareTo(urgencies.getOrDefault(a, NONE));
      return byUrgency != 0 ? byUrgency : Long.compare(deficitBytes[b], deficitBytes[a]);
    });
    return speakers;
  }

  private void forget(LinkView view, long frameId, long nowNanos) {
    for (Protocol protocol : protocols) {
      protocol.sent(view, frameId, false, nowNanos);
    }
  }

  /** Within what time a neighbour on this link hears from us again, as each frame promises. */
  private long promiseNanos(Port port) {
    long millis;
    if (port.profile.broadcast()) {
      long window = facts.charter().site().map(s -> s.windowMillis()).orElse(4_000L);
      millis = 2 * window << facts.pace().exponent();
    } else {
      millis = port.profile.roundMillis() * Math.max(4, port.views().size() + 1);
    }
    return millis * 1_000_000;
  }

  // ---- plumbing

  private void takeGeneration(long generation) {
    self = new Introduction(self.node(), generation, random.nextInt());
    facts =
        new Facts(selfAt(generation), facts.time(), facts.charter(), facts.members(), facts.pace());
    factsChanged = true;
    generationId = persistFor(0, GENERATION_KEY, bytesOf(generation));
  }

  private void rewire(long nowNanos) {
    if (facts.charter().equals(wired)) {
      return;
    }
    wired = facts.charter();
    for (Port port : ports) {
      port.views(Neighbourhood.of(port.index, port.profile, self(), facts.charter()), nowNanos);
    }
  }

  private void notify(Event event, long nowNanos) {
    for (int i = 0; i < protocols.size(); i++) {
      tell(i, event, nowNanos);
    }
  }

  private void tell(int index, Event event, long nowNanos) {
    currentProtocol = index;
    protocols.get(index).on(event, facts, effects, nowNanos);
  }

  private long persistFor(int index, long key, byte[] value) {
    long id = nextId++ * PROTOCOLS_MAX + index;
    host.persist(id, protocols.get(index).type().code(), key, value);
    return id;
  }

  private Self self() {
    return facts.self();
  }

  private Self selfAt(long generation) {
    return new Self(self().id(), self().cell(), self().slot(), generation);
  }

  private String nameOf(Address who) {
    return facts
        .charter()
        .cell(who.cell())
        .flatMap(cell -> cell.member(who.slot()))
        .flatMap(member -> facts.charter().path(who.cell()).map(path -> path + "/" + member.name()))
        .orElse("slot " + who.slot() + " of cell " + who.cell());
  }

  private static byte[] bytesOf(long generation) {
    return WireWriter.ofSize(4).u32(generation).toBytes();
  }

  private static long generationOf(byte[] value) {
    try {
      return new WireReader(value).u32();
    } catch (MalformedException e) {
      throw new IllegalArgumentException("a durable generation has four bytes", e);
    }
  }
}
