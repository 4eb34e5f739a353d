package starling.node;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import starling.engine.Engine;
import starling.engine.Statistics;
import starling.model.Facts;
import starling.model.Member;
import starling.model.NetworkTime;
import starling.model.Page;

/** A running node as its status shows it: what it hears, who hears it, its media and its clock. */
final class Portrait {
  /** On a network that is so small, each neighbour is spoken to more often than it has to be. */
  private static final int ADDRESSED_ROUNDS_MIN = 4;

  private static final String NOBODY = "nobody of its cell yet";

  private final Json json;
  private final StringBuilder text = new StringBuilder();
  private final StringBuilder prompt = new StringBuilder();

  private Portrait(Json begun) {
    this.json = begun;
  }

  /**
   * A medium and how it is.
   *
   * @param reason the last word about it, such as which ports there are
   */
  record Medium(NodeSettings.LinkSettings link, boolean up, String reason) {}

  static StatusFile.Status of(
      String path, Engine engine, NodeSettings settings, List<Medium> media, long nowNanos) {
    Facts facts = engine.facts();
    String state = media.stream().anyMatch(Medium::up) ? "joined" : "no medium";
    String id = settings.id().toString();
    Portrait portrait = new Portrait(StatusFile.begin(state, path, id));
    portrait.text.append(path).append(": ").append(state).append('\n');
    portrait.prompt.append(portrait.text);
    portrait.lasting("id", id + ", generation " + facts.self().generation());
    portrait.line(
        "running", "version " + StatusFile.version() + ", for " + span(ProcessAge.millis() / 1000));
    portrait.json.name("generation").number(facts.self().generation());
    portrait.json.name("rounds").number(ProcessAge.millis() / roundMillis(facts, media));
    portrait.json.name("links").begin('[');
    media.forEach(portrait::medium);
    portrait.json.end(']');
    portrait.clock(facts.time(), nowNanos);
    portrait.neighbours(facts);
    portrait.frames(engine.statistics(nowNanos));
    portrait.json.name("charter").number(facts.charter().version(Page.SITE)).end('}');
    return new StatusFile.Status(
        portrait.json, portrait.text.toString(), portrait.prompt.toString());
  }

  /**
   * In which everybody of the cell has had its turn to speak to this node: a window on a radio,
   * elsewhere as many of the medium's rounds as there are members.
   */
  private static long roundMillis(Facts facts, List<Medium> media) {
    int members = facts.charter().cell(facts.self().cell()).map(c -> c.members().size()).orElse(0);
    long windowMillis = facts.charter().site().map(Page.Site::windowMillis).orElse(1L);
    return media.stream()
        .map(medium -> medium.link().profile())
        .mapToLong(profile ->
            profile.broadcast()
                ? windowMillis << facts.pace().exponent()
                : profile.roundMillis() * Math.max(ADDRESSED_ROUNDS_MIN, members))
        .max()
        .orElse(windowMillis);
  }

  private void line(String name, String what) {
    text.append("  %-10s %s%n".formatted(name, what));
  }

  /** One that does not change by itself. */
  private void lasting(String name, String what) {
    line(name, what);
    prompt.append("  %-10s %s%n".formatted(name, what));
  }

  static String span(long seconds) {
    if (seconds < 120) {
      return seconds + " s";
    }
    long minutes = seconds / 60;
    return minutes < 120
        ? minutes + " min"
        : minutes < 2880 ? minutes / 60 + " h" : minutes / 1440 + " days";
  }

  private void clock(NetworkTime time, long nowNanos) {
    json.name("clock").begin('{').name("known").flag(time.known());
    String what = "the network's time is not known yet";
    if (time.known()) {
      long millis = time.uncertaintyMicros(nowNanos) / 1000;
      json.name("uncertainty_ms").number(millis).name("hops").number(time.hops());
      what = "within " + millis + " ms, " + time.hops() + " hops from who has the time";
    }
    json.end('}');
    line("clock", what);
  }

  private void medium(Medium of) {
    NodeSettings.LinkSettings link = of.link();
    String medium = link.profile().name();
    json.begin('{').name("link").text(link.name()).name("medium").text(medium);
    switch (link) {
      case NodeSettings.LinkSettings.Serial serial -> json.name("port").text(serial.port());
      case NodeSettings.LinkSettings.Mqtt mqtt ->
          json.name("broker").text(mqtt.broker().toString());
    }
    json.name("up").flag(of.up()).name("reason").text(of.reason()).end('}');
    lasting(link.name(), (of.up() ? "up, " : "down, ") + medium + ": " + of.reason());
  }

  private void neighbours(Facts facts) {
    int self = facts.self().slot();
    long heard = facts.members().heard() & ~(1L << self);
    Optional<Page.Cell> cell = facts.charter().cell(facts.self().cell());
    List<String> names = new ArrayList<>();
    json.name("neighbours").begin('[');
    for (Member mate : cell.map(Page.Cell::members).orElse(List.of())) {
      if ((heard & 1L << mate.slot()) != 0) {
        String state = state(facts, mate.slot());
        json.begin('{').name("name").text(mate.name()).name("state").text(state);
        if (facts.reach().said(mate.slot())) {
          json.name("hears_us").flag(facts.reach().hears(mate.slot(), self));
        }
        json.end('}');
        names.add(state.equals("up") ? mate.name() : mate.name() + " (" + state + ")");
      }
    }
    json.end(']');
    line("hears", names.isEmpty() ? NOBODY : String.join(", ", names));
    String mates = heard == 0 ? NOBODY : Long.bitCount(heard) + " of its cell";
    prompt.append("  %-10s %s%n".formatted("hears", mates));
  }

  private void frames(Statistics all) {
    json.name("frames").begin('{').name("sent").number(all.framesSent());
    json.name("heard").number(all.framesHeard()).name("refused").number(all.framesRefused());
    json.end('}');
    line(
        "frames",
        "%d sent, %d heard, %d refused"
            .formatted(all.framesSent(), all.framesHeard(), all.framesRefused()));
  }

  private static String state(Facts facts, int slot) {
    if ((facts.members().gone() & 1L << slot) != 0) {
      return "gone";
    }
    return facts.members().present(slot) ? "up" : "suspect";
  }
}
