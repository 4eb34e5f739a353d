package starling.simulate;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.InvalidAlgorithmParameterException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.security.spec.NamedParameterSpec;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import starling.charter.Draft;
import starling.charter.Draft.Duty;
import starling.charter.Operator;
import starling.charter.PageCodec;
import starling.link.LinkProfile;
import starling.link.Presets;
import starling.model.Charter;
import starling.model.Hash;

/** Where a simulated site's charter is written and signed, and all of it is kept. */
final class Office {
  /** Whose signature counts. */
  final Operator operator;

  /** All charters that there were. */
  final Charters charters = new Charters();

  private final long seed;
  private final KeyPair keys;
  private final Map<Integer, byte[]> signed = new ConcurrentSkipListMap<>();
  private Charter charter = Charter.EMPTY;
  private @Nullable Draft draft; // until the first charter is made of it

  /**
   * An office that has written nothing yet.
   *
   * @param seed decides all keys
   * @param draft what the first charter begins with
   */
  Office(long seed, Draft draft) {
    this.seed = seed;
    this.keys = keys(Hash.of(seed, 2));
    this.operator = new Operator(Operator.raw(keys.getPublic()));
    this.draft = draft;
  }

  private static KeyPair keys(long seed) {
    SplittableRandom bytes = new SplittableRandom(seed);
    SecureRandom seeded =
        new SecureRandom() {
          private static final long serialVersionUID = 1;

          @Override
          public void nextBytes(byte[] to) {
            bytes.nextBytes(to);
          }
        };
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
      generator.initialize(NamedParameterSpec.ED25519, seeded);
      return generator.generateKeyPair();
    } catch (NoSuchAlgorithmException | InvalidAlgorithmParameterException e) {
      throw new IllegalStateException("this Java runtime lacks Ed25519", e);
    }
  }

  private Draft draft() {
    return Objects.requireNonNull(draft, "cells are added before there is a charter");
  }

  void radioCell(String path, LinkProfile radio, int members, IntFunction<Set<Duty>> duties) {
    draft().cell(path, Presets.named(radio.name()).orElseThrow());
    for (int slot = 0; slot < members; slot++) {
      draft().node(path + "/n" + slot, key(path + "/n" + slot), 1, duties.apply(slot));
    }
  }

  void inboxCell(String path, int members, int gateways) {
    draft().cell(path, Presets.MQTT.profile());
    for (int i = 0; i < gateways; i++) {
      Set<Duty> duties = EnumSet.of(Duty.UPLINK, Duty.MAINS, Duty.GATEWAY);
      draft().node(path + "/g" + i, key(path + "/g" + i), 1, duties);
    }
    for (int i = 0; i < members; i++) {
      Set<Duty> duties = EnumSet.of(Duty.SENSES, Duty.UPLINK);
      draft().node(path + "/n" + i, key(path + "/n" + i), 1, duties);
    }
  }

  void topology(Topology topology) {
    draft = Draft.of(topology.skeleton(draft().charter(), this::key));
  }

  /** The public key that stands for a path. */
  byte[] key(String path) {
    long hash = Hash.of(path.getBytes(UTF_8)); // of 32 bits some among 100,000 paths have one
    byte[] key = new byte[32];
    new SplittableRandom(Hash.of(seed, hash)).nextBytes(key);
    return key;
  }

  /** Writes the next charter and signs what is new in it. */
  Charter revise(UnaryOperator<Draft> change) {
    Charter next = change.apply(charter.pages().isEmpty() ? draft() : Draft.of(charter)).charter();
    draft = null; // it follows from the charter
    next.pages().values().parallelStream()
        .filter(page -> page.version() > charter.version(page.zone()))
        .forEach(
            page -> signed.put(page.zone(), PageCodec.sign(page, operator, keys.getPrivate())));
    charter = next;
    charters.add(next);
    return next;
  }

  /** All pages as they stand; none before the first charter. */
  Charter charter() {
    return charter;
  }

  /** The same as signed bytes, by zone, and those of zones that are gone. */
  Map<Integer, byte[]> signed() {
    return signed;
  }

  /** The root zone's name. */
  String name() {
    Charter now = charter.pages().isEmpty() ? draft().charter() : charter;
    return now.site().orElseThrow().site();
  }
}
