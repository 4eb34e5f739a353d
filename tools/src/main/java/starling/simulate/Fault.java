package starling.simulate;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;
import starling.engine.Local;
import starling.link.air.Loss;

/** Something that is done to a site at an instant, as a line of a scenario says. */
@FunctionalInterface
public interface Fault {
  /** Does it; chance is drawn from what is given. */
  void strike(VirtualSite site, SplittableRandom random);

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException if the words make none
   */
  static Fault read(Words words) {
    String verb = words.take("what happens");
    Fault fault =
        switch (verb) {
          case "lose" -> lose(words);
          case "duplicate" -> twice(words.share("how many"));
          case "delay" -> delay(words);
          case "corrupt" -> corrupt(words.share("how many"));
          case "drop" -> drop(words);
          case "deafen" -> deafen(words);
          case "flip" -> flip(words);
          case "partition" -> partition(words);
          case "disconnect" -> {
            Whom whom = Whom.read(words);
            yield (site, random) -> whom.each(site, random, node -> node.ailing().cutOff = true);
          }
          case "reconnect" -> {
            Whom whom = Whom.read(words);
            yield (site, random) -> whom.each(site, random, node -> node.ailing().cutOff = false);
          }
          case "kill" -> {
            Whom whom = Whom.read(words);
            yield (site, random) -> whom.living(site, random).forEach(VirtualNode::kill);
          }
          case "restart" -> restart(words);
          case "fail" -> failWrites(words);
          case "pause" -> {
            Whom whom = Whom.read(words);
            long nanos = words.skip("for").nanos("how long");
            yield (site, random) -> whom.each(site, random, node -> node.pause(nanos));
          }
          case "sleep" -> {
            Whom whom = Whom.read(words);
            var sleep = new Local.Sleep(words.skip("for").nanos("how long") / 1_000_000);
            yield (site, random) -> whom.each(site, random, node -> node.say(sleep));
          }
          case "drift" -> {
            int ppm = words.count("millionths");
            words.skip("ppm");
            yield (site, random) ->
                site.nodes().forEach(node -> node.drift(random.nextInt(-ppm, ppm + 1)));
          }
          case "step" -> step(words);
          case "clone" -> clone(words);
          case "grow" -> Revision.grow(words);
          case "ask" -> Revision.ask(words);
          case "add" -> Revision.add(words);
          case "move" -> Revision.move(words);
          case "rename" -> Revision.rename(words);
          case "retire" -> Revision.retire(words);
          case "calm" -> Fault::calm;
          default ->
              throw new IllegalArgumentException(
                  "nothing here is called '"
                      + verb
                      + "': lose, duplicate, delay, corrupt, drop, deafen, flip, partition,"
                      + " disconnect, reconnect, kill, restart, fail, pause, sleep, drift, step,"
                      + " clone, grow, ask, add, move, rename, retire or calm");
        };
    words.end();
    return fault;
  }

  /** Some nodes: a share, a number, one by its path, all of a zone, or all. */
  interface Whom {
    Stream<VirtualNode> choose(VirtualSite site, SplittableRandom random);

    default void each(VirtualSite site, SplittableRandom random, Consumer<VirtualNode> to) {
      choose(site, random).forEach(to);
    }

    default List<VirtualNode> living(VirtualSite site, SplittableRandom random) {
      return choose(site, random).filter(VirtualNode::alive).toList();
    }

    static Whom read(Words words) {
      String first = words.peek();
      if (words.took("all")) {
        return (site, _) -> site.nodes().stream();
      }
      if (words.took("gateways")) {
        return (site, _) -> site.nodes().stream().filter(node -> node.member.gateway());
      }
      if (first.startsWith("/")) {
        words.take("a path");
        return (site, _) ->
            site.nodes().stream().filter(node -> (node.path() + "/").startsWith(first + "/"));
      }
      double number = words.number("how many, a path, or all");
      boolean percent = words.took("%");
      if (!percent) {
        words.took("nodes");
        words.took("node");
      }
      boolean sparing = words.took("sparing");
      if (sparing) {
        words.skip("gateways");
      }
      return (site, random) -> {
        List<VirtualNode> nodes = new ArrayList<>(site.nodes());
        nodes.removeIf(node -> sparing && node.member.gateway());
        Collections.shuffle(nodes, new java.util.Random(random.nextLong()));
        double share = number * nodes.size() / 100;
        return nodes.stream().limit(Math.round(percent ? share : number));
      };
    }
  }

  private static Fault lose(Words words) {
    double share = words.share("how many");
    if (words.took("at")) {
      Whom whom = Whom.read(words);
      Antenna antenna = new Antenna(share, share, 0, 0);
      return (site, random) -> whom.each(site, random, node -> node.ailing().antenna = antenna);
    }
    double burst = 1;
    if (words.took("in")) {
      burst = words.skip("bursts").skip("of").number("how many frames");
    }
    boolean radioToo = true;
    boolean networkToo = true;
    if (words.took("on")) {
      networkToo = words.took("network");
      radioToo = !networkToo;
      if (radioToo) {
        words.skip("radio");
      }
    }
    Loss loss = burst > 1 ? new Loss.Bursts(share, burst) : new Loss.Independent(share);
    boolean radio = radioToo;
    boolean network = networkToo;
    double frames = burst;
    return (site, _) -> {
      if (radio) {
        site.radios().forEach(one -> one.air().loss(loss));
      }
      if (network) {
        long round = site.broker.profile().roundMillis() * 1_000_000;
        long burstNanos = frames > 1 ? (long) (frames * round) : 0;
        site.broker.faults(site.broker.faults().losing(share, burstNanos));
      }
    };
  }

  private static Fault twice(double share) {
    return (site, _) -> site.broker.faults(site.broker.faults().doubling(share));
  }

  private static Fault delay(Words words) {
    long from = words.count("the shortest") * 1000L;
    long to = words.skip("to").count("the longest") * 1000L;
    words.skip("ms");
    if (from < 1000 || to < from) {
      throw new IllegalArgumentException("a way takes 1 ms or more, and the longest is longest");
    }
    return (site, _) -> site.broker.faults(site.broker.faults().delaying(from, to));
  }

  private static Fault corrupt(double share) {
    return (site, _) -> {
      site.broker.faults(site.broker.faults().corrupting(share));
      site.radios().forEach(radio -> radio.corrupt(share));
    };
  }

  private static Fault drop(Words words) {
    int every = words.skip("one").skip("in").count("how many");
    return (site, _) -> site.dropping = every;
  }

  /** Directed links that carry nothing: on the network by hash, on each radio some pairs. */
  private static Fault deafen(Words words) {
    double share = words.share("how many");
    words.skip("of").skip("links");
    return (site, random) -> {
      site.broker.faults(site.broker.faults().deaf(share));
      for (VirtualCell cell : site.cells()) {
        Radio radio = cell.radio();
        int size = cell.page().members().size();
        for (int pair = 0; radio != null && pair < Math.round(share * size * size); pair++) {
          radio.air().hears(random.nextInt(size), random.nextInt(size), false);
        }
      }
    };
  }

  /** Some nodes hear nobody, or are heard by nobody, and do again, and so on. */
  private static Fault flip(Words words) {
    boolean deaf = words.took("deaf");
    if (!deaf) {
      words.skip("mute");
    }
    Whom whom = Whom.read(words);
    long nanos = words.skip("every").nanos("how long");
    return (site, random) -> {
      Antenna antenna = new Antenna(deaf ? 0 : 1, deaf ? 1 : 0, nanos, site.nowNanos());
      whom.each(site, random, node -> node.ailing().antenna = antenna);
    };
  }

  private static Fault partition(Words words) {
    String one = words.take("a zone");
    String other = words.skip("from").take("another zone");
    boolean oneWay = words.took("one-way");
    return (site, _) -> {
      BitSet from = cells(site, one);
      BitSet to = cells(site, other);
      to.andNot(from);
      site.broker.cut(one + " to " + other, from, to);
      if (!oneWay) {
        site.broker.cut(other + " to " + one, to, from);
      }
    };
  }

  /** The cells of a zone; {@code half} is the first half of all, {@code all} is all. */
  private static BitSet cells(VirtualSite site, String zone) {
    BitSet cells = new BitSet();
    if (zone.equals("half") || zone.equals("all")) {
      cells.set(0, zone.equals("all") ? site.cells().size() : site.cells().size() / 2);
      return cells;
    }
    for (VirtualCell cell : site.cells()) {
      cells.set(cell.ordinal, (cell.path + "/").startsWith(zone + "/"));
    }
    if (cells.isEmpty()) {
      throw new IllegalArgumentException("no zone " + zone);
    }
    return cells;
  }

  private static Fault restart(Words words) {
    Whom whom = Whom.read(words);
    return (site, random) ->
        whom.choose(site, random)
            .filter(node -> !node.alive() && site.expects(node))
            .toList()
            .forEach(node -> site.restart(node));
  }

  private static Fault failWrites(Words words) {
    Whom whom = Whom.read(words);
    return (site, random) ->
        whom.each(site, random, node -> node.dieAtWrite(random.nextInt(3), random.nextBoolean()));
  }

  private static Fault step(Words words) {
    words.skip("clocks").skip("by");
    boolean back = words.took("minus");
    long millis = words.nanos("how far") / 1_000_000 * (back ? -1 : 1);
    return (site, _) ->
        site.nodes().stream()
            .filter(node -> node.member.gateway())
            .forEach(node -> node.ailing().clockErrorMillis += millis);
  }

  private static Fault clone(Words words) {
    Whom whom = Whom.read(words);
    return (site, random) ->
        whom.living(site, random)
            .forEach(node -> site.startClone(node.path(), "clone of " + node.path()));
  }

  /** All trouble ends: media are clear, cuts heal, everybody has power and goes on. */
  private static void calm(VirtualSite site, SplittableRandom random) {
    site.dropping = 0;
    site.broker.faults(Broker.Faults.NONE);
    site.broker.heal();
    for (VirtualCell cell : site.cells()) {
      Radio radio = cell.radio();
      if (radio != null) {
        radio.clear();
      }
    }
    for (VirtualNode node : site.nodes()) {
      node.ailing().cutOff = false;
      node.ailing().antenna = Antenna.GOOD;
      node.dieAtWrite(Integer.MAX_VALUE, false);
      if (!node.alive() && !node.isClone() && site.expects(node)) {
        site.restart(node);
      } else if (node.isClone()) {
        node.kill(); // somebody found the second card
      }
    }
  }
}
