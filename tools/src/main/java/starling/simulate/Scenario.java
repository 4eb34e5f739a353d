package starling.simulate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import starling.link.LinkProfile;
import starling.link.Presets;
import starling.model.Page;

/**
 * A history to be: a site, what happens to it when, and what has to come of it. Plain text, one
 * statement a line; {@code docs/simulate.md} has the language. What must never happen is checked
 * whatever a scenario says.
 *
 * @param events by time
 */
public record Scenario(
    String name,
    long seed,
    Topology topology,
    LinkProfile radio,
    LinkProfile network,
    long windowMillis,
    List<Event> events,
    long durationNanos,
    List<Expectation> expectations,
    String text) {
  private static final long SECOND = 1_000_000_000L;

  /**
   * Something that happens.
   *
   * @param atNanos after the start
   * @param what its words
   */
  public record Event(long atNanos, String what, Fault fault) {}

  /**
   * What has to hold at the end.
   *
   * @param zone of which zone, by its path; "root" for the whole site
   * @param coverage at least so much of it has to be reported, 0 to 1
   * @param windows in the window that ended so many windows before the end, at every gateway
   */
  public record Expectation(String zone, double coverage, int windows) {
    @Override
    public String toString() {
      return zone + " at least " + Math.round(coverage * 100) + " % within " + windows + " windows";
    }
  }

  /** Whether it was drawn from its seed alone. */
  boolean isSwarm() {
    return name.startsWith(Swarm.NAME);
  }

  /** The same with another seed. */
  public Scenario withSeed(long other) {
    return new Scenario(
        name,
        other,
        topology,
        radio,
        network,
        windowMillis,
        events,
        durationNanos,
        expectations,
        text);
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException if a line makes no sense, with its number
   */
  public static Scenario read(String name, String text) {
    Reader reader = new Reader();
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      String statement = line.replaceFirst("#.*", "").strip();
      try {
        if (!statement.isEmpty()) {
          reader.read(new Words(statement), statement);
        }
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(name + ":" + number + ": " + e.getMessage(), e);
      }
    }
    return reader.scenario(name, text);
  }

  private static final class Reader {
    private long seed = 1;
    private int nodes = 24;
    private int cellSize = 6;
    private int branching = 25;
    private int uplinks = 2;
    private int gateways = 2;
    private Page.Medium medium = Page.Medium.BROADCAST;
    private Page.Medium first = Page.Medium.ADDRESSED;
    private LinkProfile radio = Presets.SIK_64K.profile();
    private LinkProfile network = Presets.MQTT.profile();
    private long windowMillis = 10_000;
    private long durationNanos = 120 * SECOND;
    private final List<Event> events = new ArrayList<>();
    private final List<Expectation> expectations = new ArrayList<>();

    void read(Words words, String line) {
      switch (words.take("a statement")) {
        case "seed" -> seed = words.whole("the seed");
        case "site" -> site(words);
        case "radio" -> {
          String preset = words.take("a preset");
          radio =
              Presets.named(preset)
                  .filter(LinkProfile::broadcast)
                  .orElseThrow(() -> new IllegalArgumentException("no radio is called " + preset));
        }
        case "network" -> {
          words.skip("rounds").skip("of");
          network = network.withRound(words.nanos("a round") / 1_000_000);
        }
        case "window" -> windowMillis = words.nanos("the window") / 1_000_000;
        case "at" -> at(words, line);
        case "for" -> durationNanos = words.nanos("how long");
        case "expect" -> expectations.add(expectation(words));
        case String other ->
            throw new IllegalArgumentException(
                "a line begins with seed, site, radio, network, window, at, for or expect, not "
                    + other);
      }
      words.end();
    }

    private void site(Words words) {
      while (!words.isEmpty()) {
        switch (words.peek()) {
          case "cells" -> cellSize = words.skip("cells").skip("of").count("how many nodes");
          case "branching" -> branching = words.skip("branching").count("how many zones");
          case "broadcast", "addressed" ->
              medium =
                  words.take("a medium").equals("broadcast")
                      ? Page.Medium.BROADCAST
                      : Page.Medium.ADDRESSED;
          case "all" -> {
            words.skip("all").skip("broadcast");
            medium = Page.Medium.BROADCAST;
            first = Page.Medium.BROADCAST;
          }
          default -> {
            int count = words.count("how many");
            switch (words.take("of what")) {
              case "nodes" -> nodes = count;
              case "uplinks" -> uplinks = count;
              case "gateways" -> gateways = count;
              case String other ->
                  throw new IllegalArgumentException("nodes, uplinks or gateways, not " + other);
            }
          }
        }
      }
    }

    /** {@code at 60 s partition /a from /b for 10 min} is healed ten minutes later. */
    private void at(Words words, String line) {
      long atNanos = words.nanos("when");
      String rest = line.replaceFirst("^at\\s+\\S+\\s+\\S+\\s+", "");
      boolean lasts = rest.startsWith("pause") || rest.startsWith("sleep");
      int until = lasts ? -1 : rest.lastIndexOf(" for ");
      String what = until < 0 ? rest : rest.substring(0, until);
      events.add(new Event(atNanos, what, Fault.read(new Words(what))));
      if (until >= 0) {
        Words more = new Words(rest.substring(until + 5));
        long endNanos = atNanos + more.nanos("for how long");
        more.end();
        events.add(new Event(endNanos, "end of " + what, end(what)));
      }
      while (!words.isEmpty()) {
        words.take("the rest");
      }
    }

    private static Fault end(String what) {
      List<String> words = List.of(what.split("\\s+"));
      return switch (words.getFirst()) {
        case "partition" ->
            (site, _) -> {
              site.broker.heal(words.get(1) + " to " + words.get(3));
              site.broker.heal(words.get(3) + " to " + words.get(1));
            };
        case "disconnect" -> Fault.read(new Words("reconnect all"));
        case "kill" -> Fault.read(new Words("restart all"));
        case "lose" -> Fault.read(new Words(words.contains("at") ? "lose 0 % at all" : "lose 0 %"));
        case "flip" -> Fault.read(new Words("lose 0 % at all"));
        case "duplicate" -> Fault.read(new Words("duplicate 0 %"));
        case "corrupt" -> Fault.read(new Words("corrupt 0 %"));
        case "delay" -> Fault.read(new Words("delay 1 to 10 ms"));
        default ->
            throw new IllegalArgumentException("'" + words.getFirst() + "' has no end of its own");
      };
    }

    private static Expectation expectation(Words words) {
      String zone = words.take("a zone");
      double coverage = 1;
      if (words.took("at")) {
        coverage = words.skip("least").share("how much");
      } else {
        words.skip("complete");
      }
      int windows = words.skip("within").count("how many");
      words.skip("windows");
      return new Expectation(zone, coverage, windows);
    }

    Scenario scenario(String name, String text) {
      Topology topology =
          new Topology(nodes, cellSize, branching, medium, first, uplinks, gateways);
      events.sort(Comparator.comparingLong(Event::atNanos));
      return new Scenario(
          name,
          seed,
          topology,
          radio,
          network,
          windowMillis,
          List.copyOf(events),
          durationNanos,
          List.copyOf(expectations),
          text);
    }
  }
}
