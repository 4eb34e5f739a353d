package starling.sniff;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import starling.model.Charter;
import starling.model.Page;
import starling.model.Window;
import starling.wire.MalformedException;
import starling.wire.WireReader;

/**
 * What the sections of an opened frame say, in a few words each, by the layouts in
 * docs/protocol.md. What is malformed or unknown is named as such, and ends nothing.
 */
final class Sections {
  private static final int LAST = 1 << 3;
  private static final int BOOT_BYTES = 16;
  private static final int MICROS_A_STEP = 100;
  private static final int SHOWN_MAX = 8;

  private static final String[][] NAMES = {
    {"0"},
    {"engine", "WHO", "TAKEN"},
    {"clock", "TIME"},
    {"charter", "VERSION", "WANT", "CHUNK", "OFFER"},
    {"membership", "VOTES", "CUT_OFF"},
    {"zone", "OWN", "ROWS", "HAVE", "RESULTS", "DIGEST", "ASK", "PARITY"},
    {"cast"},
    {"archive"},
    {"agreement"},
    {"inquiry", "ASK", "TELL", "WAIT"}
  };

  private final Charter charter;

  Sections(Charter charter) {
    this.charter = charter;
  }

  /** All sections of a frame, until one that ends too early. */
  List<Sniffed.Part> of(WireReader from, long nowMillis) {
    List<Sniffed.Part> parts = new ArrayList<>();
    while (from.remaining() > 0) {
      try {
        int first = from.u8();
        int length = (first & LAST) != 0 ? from.remaining() : from.u8();
        parts.add(part(first >>> 4, first & 7, from.slice(length), nowMillis));
      } catch (MalformedException e) {
        parts.add(new Sniffed.Part("malformed", from.remaining(), String.valueOf(e.getMessage())));
        break;
      }
    }
    return parts;
  }

  private Sniffed.Part part(int type, int kind, WireReader body, long nowMillis) {
    String name = name(type, kind);
    int bytes = body.remaining();
    try {
      return new Sniffed.Part(name, bytes, text(name, body, nowMillis));
    } catch (MalformedException e) {
      return new Sniffed.Part(name, bytes, "malformed: " + e.getMessage());
    }
  }

  private static String name(int type, int kind) {
    if (type >= NAMES.length) {
      return "type " + type + " kind " + kind;
    }
    String[] names = NAMES[type];
    return names[0] + " " + (kind + 1 < names.length ? names[kind + 1] : "kind " + kind);
  }

  private String text(String name, WireReader body, long nowMillis) throws MalformedException {
    return switch (name) {
      case "engine WHO" -> whom(body);
      case "engine TAKEN" -> body.remaining() / BOOT_BYTES + " boots";
      case "clock TIME" -> time(body);
      case "charter VERSION" -> "site page " + body.varint();
      case "charter WANT" ->
          page(body.u16()) + " version " + body.varint() + " from byte " + body.varint();
      case "charter CHUNK" -> chunk(body);
      case "charter OFFER" ->
          "site page " + body.varint() + ", " + page(body.u16()) + " version " + body.varint();
      case "membership VOTES" -> votes(body);
      case "membership CUT_OFF" -> "no uplink";
      case "zone OWN" -> window(body, nowMillis) + ", " + body.remaining() + " bytes of readings";
      case "zone ROWS" -> rows(body, nowMillis);
      case "zone HAVE" -> have(body, nowMillis);
      case "zone ASK" -> asked(body, nowMillis);
      case "zone PARITY" -> window(body, nowMillis) + ", of " + body.u8() + " nodes' readings";
      case "zone RESULTS" -> page(body.u16()) + ", " + window(body, nowMillis);
      case "zone DIGEST" -> digest(body);
      default -> "";
    };
  }

  private static String whom(WireReader body) throws MalformedException {
    List<String> asked = new ArrayList<>();
    while (body.remaining() > 0 && asked.size() < SHOWN_MAX) {
      asked.add(body.u16() + ":" + body.u8());
    }
    return String.join(" ", asked) + (body.remaining() > 0 ? " ..." : "");
  }

  private static String time(WireReader body) throws MalformedException {
    long millis = body.u48();
    double uncertaintyMillis = body.u16() * MICROS_A_STEP / 1000.0;
    body.u16();
    int hops = body.u8();
    return String.format(
        Locale.ROOT,
        "%s, %.1f ms off at most, %d hops",
        Instant.ofEpochMilli(millis),
        uncertaintyMillis,
        hops);
  }

  private String chunk(WireReader body) throws MalformedException {
    String page = page(body.u16());
    long version = body.varint();
    long total = body.varint();
    long offset = body.varint();
    return page
        + " version "
        + version
        + ", bytes "
        + offset
        + " to "
        + (offset + body.remaining())
        + " of "
        + total;
  }

  private static String votes(WireReader body) throws MalformedException {
    int length = body.u8();
    int suspects = bits(body.slice(length));
    String heard = suspects + " suspected, " + bits(body.slice(length)) + " heard";
    return body.remaining() == 0 ? heard : heard + ", " + bits(body) + " of them weakly";
  }

  private String rows(WireReader body, long nowMillis) throws MalformedException {
    List<String> rows = new ArrayList<>();
    while (body.remaining() > 0) {
      String window = window(body, nowMillis);
      rows.add("slot " + body.u8() + " " + window);
      body.slice(body.u8());
    }
    return shown(rows);
  }

  private String have(WireReader body, long nowMillis) throws MalformedException {
    List<String> windows = new ArrayList<>();
    while (body.remaining() > 0) {
      String window = window(body, nowMillis);
      windows.add(window + ": " + bits(body.slice(body.u8())) + " rows");
    }
    return shown(windows);
  }

  private String asked(WireReader body, long nowMillis) throws MalformedException {
    List<String> windows = new ArrayList<>();
    while (body.remaining() > 0) {
      String window = window(body, nowMillis);
      int hops = body.u8();
      windows.add(window + ": " + bits(body.slice(body.u8())) + " rows, hop " + hops);
    }
    return shown(windows);
  }

  private String digest(WireReader body) throws MalformedException {
    List<String> zones = new ArrayList<>();
    while (body.remaining() > 0) {
      String zone = page(body.u16());
      body.u16(); // window and query
      int count = body.u8();
      body.slice(count);
      zones.add(zone + " of " + count);
    }
    return shown(zones);
  }

  private static String shown(List<String> all) {
    String text = String.join("; ", all.subList(0, Math.min(SHOWN_MAX, all.size())));
    return all.size() > SHOWN_MAX ? text + "; " + (all.size() - SHOWN_MAX) + " more" : text;
  }

  private static int bits(WireReader from) throws MalformedException {
    int bits = 0;
    while (from.remaining() > 0) {
      bits += Integer.bitCount(from.u8());
    }
    return bits;
  }

  private String page(int zone) {
    return zone == Page.SITE ? "the site" : charter.path(zone).orElse("zone " + zone);
  }

  private String window(WireReader body, long nowMillis) throws MalformedException {
    int code = body.u8();
    return charter
        .site()
        .map(site -> Window.ofCode(code, nowMillis, site.windowMillis()))
        .map(window -> "window to " + clock(window.endMillis()))
        .orElse("window " + (code >>> 3) + " pace " + (code & 7));
  }

  private static String clock(long millis) {
    return Instant.ofEpochMilli(millis).toString().substring(11).replace("Z", "");
  }
}
