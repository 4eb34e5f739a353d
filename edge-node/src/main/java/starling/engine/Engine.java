package starling.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import starling.frame.FrameHeader;
import starling.frame.Introduction;
import starling.frame.Keyring;
import starling.frame.Opener;
import starling.frame.Sealer;
import starling.link.Address;
import starling.link.LinkProfile;
import starling.model.Charter;
import starling.model.Delivery;
import starling.model.Fact;
import starling.model.Facts;
import starling.model.Member;
import starling.model.Page;
import starling.model.Self;
import starling.wire.MalformedException;

/**
 * One node as a value machine: frames, local writes and the time go in; effects come out through
 * {@link Host}. Not thread-safe: one caller at a time. After each call, ask {@link #nextWakeNanos}
 * and {@link #tick} then.
 *
 * <p>What is heard goes through {@link Hearing} to the protocols; when they have had their say,
 * {@link Speaking} sends what is due. Nothing is sent before the boot's generation is durable.
 */
public final class Engine {
  private static final long GENERATION_KEY = 0;
  private static final long AIRTIME_KEY = 1; // of the first link; the next has the next
  private static final int PROTOCOLS_MAX = 16;
  private static final long WAKE_MIN_NANOS = 1_000_000L;

  private final Keyring keyring;
  private final Host host;
  private final RandomGenerator random;
  private final List<Port> ports;
  private final List<Protocol> protocols;
  private @Nullable Warnings warnings; // a node in good company has none
  private final Hearing hearing;
  private final Speaking speaking;
  private Facts facts;
  private Introduction self;
  private Introduction next;
  private long settledNanos = Long.MIN_VALUE; // when all were asked when to wake them
  private long wakeNanos = Long.MIN_VALUE; // the first of them
  private long generationId = -1;
  private long nextId = 1;
  private int currentProtocol;
  private long currentNanos;
  private boolean factsChanged;
  private int wokeUps;
  private @Nullable Facts wired; // when neighbours were worked out
  private long roster = -1; // of its own cell, a bit a slot

  private final Effects effects =
      new Effects() {
        @Override
        public void deliver(Delivery delivery) {
          if (delivery instanceof Delivery.Warning warning) {
            warn(warning, 1, currentNanos);
          } else {
            host.deliver(delivery);
          }
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

        @Override
        public <T> T shared(T value) {
          return host.shared(value);
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
    Introductions introductions = new Introductions(this);
    this.protocols = Stream.concat(Stream.of(introductions), protocols.stream()).toList();
    if (this.protocols.size() > PROTOCOLS_MAX) {
      throw new IllegalArgumentException("at most " + PROTOCOLS_MAX + " protocols");
    }
    this.self =
        new Introduction(self.id().bits(), Math.max(1, self.generation()), random.nextInt());
    this.next = this.self;
    this.hearing = new Hearing(this, introductions);
    List<Port> all = new ArrayList<>();
    for (LinkProfile profile : links) {
      Opener opener = Port.opener(keyring, profile, hearing);
      long phase = random.nextLong(profile.roundMillis() * 1_000_000);
      all.add(new Port(all.size(), profile, opener, phase));
    }
    this.ports = List.copyOf(all);
    this.speaking = new Speaking(this);
  }

  /** One durable record of an earlier life, before {@link #start}. */
  public void restore(int protocol, long key, byte[] value) {
    if (protocol == SectionType.ENGINE.code()) {
      restore(key, value);
      return;
    }
    for (Protocol candidate : protocols) {
      if (candidate.type().code() == protocol) {
        candidate.restore(key, value);
      }
    }
  }

  private void restore(long key, byte[] value) {
    if (key == GENERATION_KEY) {
      facts = facts.with(selfAt(Boots.generation(value)));
    } else if (key >= AIRTIME_KEY && key < AIRTIME_KEY + ports.size()) {
      ports.get((int) (key - AIRTIME_KEY)).restoreAirtime(value);
    } else {
      hearing.boots().keep(key, Boots.generation(value));
    }
  }

  /** Begins this boot: takes the next generation, and speaks as soon as that is durable. */
  public void start(long nowNanos) {
    currentNanos = nowNanos;
    takeGeneration(facts.self().generation() + 1);
    self = next; // an earlier boot's frames are not ours any more
    for (Port port : ports) {
      port.start(nowNanos);
      recordAirtime(port, nowNanos);
    }
    rewire(nowNanos);
    notify(new Event.FactsChanged(), nowNanos);
    settle(nowNanos);
  }

  /** A frame was heard on a link; the array becomes the engine's. */
  public void heard(int link, byte[] frame, long heardNanos, long nowNanos) {
    currentNanos = nowNanos;
    if (hearing.heard(ports.get(link), frame, heardNanos, nowNanos)) {
      settle(nowNanos);
    }
  }

  /**
   * Warns the owner, if that is worth a word.
   *
   * @param atLeast how often it must have happened within a minute
   */
  void warn(Delivery.Warning warning, int atLeast, long nowNanos) {
    Warnings said = warnings == null ? new Warnings() : warnings;
    warnings = said;
    if (said.worthSaying(warning, atLeast, nowNanos)) {
      host.deliver(warning);
    }
  }

  void believed(Port port, FrameHeader header) {
    host.believed(port.index, header);
  }

  /** What became of a frame given to {@link Host#send}. */
  public void left(int link, long frameId, boolean left, long nowNanos) {
    currentNanos = nowNanos;
    if (speaking.left(ports.get(link), frameId, left, nowNanos)) {
      settle(nowNanos);
    }
  }

  /** A record given to {@link Host#persist} is on disk. */
  public void durable(long id, long nowNanos) {
    currentNanos = nowNanos;
    if (id == generationId) {
      generationId = -1;
      self = next;
      int epoch = keyEpoch();
      int sender = facts.self().cell() << 8 | facts.self().slot();
      for (Port port : ports) {
        port.boot(new Sealer(keyring, epoch, self, sender, port.profile.keyNumber()));
      }
    } else if (ports.stream().noneMatch(port -> port.recorded(id))) {
      int index = (int) (id % PROTOCOLS_MAX);
      if (index < protocols.size()) {
        tell(index, new Event.Durable(id), nowNanos);
      }
    }
    settle(nowNanos);
  }

  /** The owner says something. */
  public void say(Local what, long nowNanos) {
    currentNanos = nowNanos;
    if (what instanceof Local.Sleep(long millis)) {
      speaking.sleep(nowNanos + millis * 1_000_000);
    } else if (what instanceof Local.Awake) {
      speaking.wake();
    }
    notify(new Event.Said(what), nowNanos);
    settle(nowNanos);
  }

  /** A link came up or went down. */
  public void linkState(int link, boolean up, long nowNanos) {
    currentNanos = nowNanos;
    Port port = ports.get(link);
    port.up = up;
    notify(new Event.Linked(port.profile, up), nowNanos);
    settle(nowNanos);
  }

  /** Time has passed. */
  public void tick(long nowNanos) {
    currentNanos = nowNanos;
    settle(nowNanos);
  }

  /**
   * When to {@link #tick} next, always after {@code nowNanos}: what is due already waits for a
   * link.
   */
  public long nextWakeNanos(long nowNanos) {
    long next = Math.min(wakeNanos, speaking.nextWakeNanos());
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
    return new Statistics(
        speaking.framesSent(),
        hearing.framesHeard(),
        hearing.framesRefused(),
        hearing.noise(),
        airtime,
        utilisation);
  }

  /**
   * Bytes of news that neighbours should have and that could not leave yet: what is sent and what
   * this grows by is what the node wants to send.
   */
  public long backlogBytes(long nowNanos) {
    return speaking.backlogBytes(nowNanos);
  }

  /** How each link is used, in the order of link numbers. */
  public List<LinkStatistics> links(long nowNanos) {
    return ports.stream().map(port -> port.statistics(nowNanos)).toList();
  }

  /** Wakes who is due, lets facts reach everybody, and speaks: whatever happened before. */
  private void settle(long nowNanos) {
    for (int i = 0; i < protocols.size() && wakeNanos <= nowNanos; i++) {
      if (protocols.get(i).nextWakeNanos(settledNanos) <= nowNanos) {
        wokeUps++;
        tell(i, new Event.Woke(), nowNanos);
      }
    }
    for (int i = 0; i < protocols.size() && factsChanged; i++) {
      factsChanged = false;
      rewire(nowNanos);
      notify(new Event.FactsChanged(), nowNanos);
    }
    speaking.speak(nowNanos);
    settledNanos = nowNanos;
    wakeNanos = Long.MAX_VALUE;
    for (Protocol protocol : protocols) {
      wakeNanos = Math.min(wakeNanos, protocol.nextWakeNanos(nowNanos));
    }
  }

  private void rewire(long nowNanos) {
    Facts before = wired;
    wired = facts;
    if (before != null
        && facts.charter().equals(before.charter())
        && facts.counterparts().equals(before.counterparts())) {
      return;
    }
    roster = roster(facts);
    for (Port port : ports) {
      port.opener.review();
      Neighbours next = Neighbourhood.of(port.index, port.profile, facts);
      for (LinkView replaced : port.views(next.shared(port.views(), host), random, nowNanos)) {
        notify(new Event.Replaced(replaced), nowNanos);
      }
    }
    if (ports.stream().anyMatch(port -> port.sealed() && port.keyEpoch() != keyEpoch())) {
      beginAnotherBoot(); // whoever rotates keys starts counting anew
    }
  }

  /** The newest generation ever believed of another node, 0 if none. */
  long newestBoot(long node) {
    long newest = hearing.boots().floor(node);
    for (Port port : ports) {
      newest = Math.max(newest, port.opener.generation(node));
    }
    return newest;
  }

  // ---- this boot

  Introduction self() {
    return self;
  }

  /**
   * Somebody believes another boot of ours: our state was rolled back, or we are not alone with our
   * key.
   */
  void bootTaken(long generation, int salt, long nowNanos) {
    boolean ours = generation == self.generation() && salt == self.salt();
    boolean above =
        generation >= self.generation() && generation < Introduction.GENERATION_MAX && !ours;
    if (above && generationId < 0 && hearing.boots().mayRaise(nowNanos)) {
      takeGeneration(generation + 1);
    }
  }

  void introduceAgain(Event.Heard asker) {
    Address to = new Address(asker.header().cell(), asker.header().slot());
    ports.get(asker.link().link()).introduceAgain(to);
  }

  /** Keys or a frame counter are used up. */
  void beginAnotherBoot() {
    if (generationId < 0) {
      takeGeneration(self.generation() + 1);
    }
  }

  private void takeGeneration(long generation) {
    next = new Introduction(self.node(), generation, random.nextInt());
    facts = facts.with(selfAt(generation));
    factsChanged = true;
    generationId = persistFor(0, GENERATION_KEY, Boots.record(generation));
  }

  private Self selfAt(long generation) {
    Self self = facts.self();
    return new Self(self.id(), self.cell(), self.slot(), generation);
  }

  /** The charter's key epoch; while this node lacks that key, the newest one that it has. */
  private int keyEpoch() {
    int epoch = facts.charter().site().map(Page.Site::keyEpoch).orElse(keyring.newestEpoch());
    if (keyring.holds(epoch)) {
      return epoch;
    }
    String text =
        "the charter seals with site key epoch "
            + epoch
            + ", this node lacks it and can't be heard: give it that key";
    warn(new Delivery.Warning("key", "epoch " + epoch, text), 1, currentNanos);
    return keyring.newestEpoch();
  }

  // ---- plumbing

  Host host() {
    return host;
  }

  List<Protocol> protocols() {
    return protocols;
  }

  List<Port> ports() {
    return ports;
  }

  void notify(Event event, long nowNanos) {
    for (int i = 0; i < protocols.size(); i++) {
      tell(i, event, nowNanos);
    }
  }

  /** The same for a frame of which only some protocols read. */
  void notifyOfOutsider(Event.Heard heard, long nowNanos) {
    for (int i = 0; i < protocols.size(); i++) {
      if (protocols.get(i).type().forOutsiders()) {
        tell(i, heard, nowNanos);
      }
    }
  }

  /** Whether a frame claims a slot of this node's own cell that the roster gives to nobody. */
  boolean isOutsider(FrameHeader header) {
    return header.cell() == facts.self().cell()
        && (header.slot() >= Member.SLOTS_MAX || (roster & 1L << header.slot()) == 0);
  }

  /** The slots of this node's cell that somebody has; all while a page above it is not here. */
  private static long roster(Facts facts) {
    int cell = facts.self().cell();
    return facts
        .charter()
        .cell(cell)
        .filter(_ -> facts.charter().isWhole(cell))
        .map(page ->
            page.members().stream().mapToLong(m -> 1L << m.slot()).reduce(0, (a, b) -> a | b))
        .orElse(-1L);
  }

  /** Gives a section to the protocol that reads its type, if there is one. */
  void read(SectionType type, Section section, long nowNanos) throws MalformedException {
    for (int i = 0; i < protocols.size(); i++) {
      if (protocols.get(i).type() == type) {
        currentProtocol = i;
        protocols.get(i).read(section, facts, effects, nowNanos);
      }
    }
  }

  private void tell(int index, Event event, long nowNanos) {
    currentProtocol = index;
    protocols.get(index).on(event, facts, effects, nowNanos);
  }

  /** Keeps the newest boot of a mate, so that its captured frames stay old after a reboot. */
  void persistBoot(long node, long generation) {
    persistFor(0, node, Boots.record(generation));
  }

  /** So that the law holds over the end of this life, too. */
  void recordAirtime(Port port, long nowNanos) {
    port.recordAirtime(record -> persistFor(0, AIRTIME_KEY + port.index, record), nowNanos);
  }

  private long persistFor(int index, long key, byte[] value) {
    long id = nextId() * PROTOCOLS_MAX + index;
    host.persist(id, protocols.get(index).type().code(), key, value);
    return id;
  }

  long nextId() {
    return nextId++;
  }

  /** Counts how often protocols were woken. */
  int wokeUps() {
    return wokeUps;
  }

  /** A node as a person knows it. */
  String nameOf(Address who) {
    return facts
        .charter()
        .cell(who.cell())
        .flatMap(cell -> cell.member(who.slot()))
        .flatMap(member -> facts.charter().path(who.cell()).map(path -> path + "/" + member.name()))
        .orElse("slot " + who.slot() + " of cell " + who.cell());
  }
}
