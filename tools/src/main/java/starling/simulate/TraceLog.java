package starling.simulate;

import java.io.PrintWriter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import starling.engine.SectionType;
import starling.frame.Opened;
import starling.frame.Opener;
import starling.link.Address;
import starling.wire.MalformedException;
import starling.wire.WireReader;

/** A history for people: one line an event, with the time since the start, the node, and what. */
final class TraceLog {
  private final PrintWriter to;
  private final Map<String, Opener> openers = new HashMap<>();

  TraceLog(PrintWriter to) {
    this.to = to;
  }

  void note(VirtualNode who, String what) {
    double seconds = (who.cell.shard.nowNanos() - VirtualSite.START_NANOS) / 1e9;
    to.printf(Locale.ROOT, "%12.6f %s %s%n", seconds, who.path(), what);
  }

  /** A frame, with what its sections are: opened with the site's key, as any member could. */
  void sends(VirtualNode from, int link, Address address, byte[] frame) {
    boolean radio = address.equals(Address.ALL);
    Opener opener =
        openers.computeIfAbsent(
            from.path() + " " + link,
            _ ->
                new Opener(
                    VirtualSite.keyring(), from.medium(link).keyNumber(), Opener.Knowledge.NONE));
    String what =
        switch (opener.open(frame.clone())) {
          case Opened.Frame opened ->
              "#" + opened.header().counter() + " " + sections(opened.sections());
          case Opened.Refused refused -> "refused: " + refused.text();
          case Opened.Noise noise -> "noise: " + noise.text();
        };
    String whom = radio ? "all" : address.cell() + "." + address.slot();
    note(from, "sends " + frame.length + " B to " + whom + " " + what);
  }

  /** Names and lengths of a frame's sections: type 4 | LAST 1 | kind 3, length 8 unless LAST. */
  private static String sections(byte[] plain) {
    StringBuilder names = new StringBuilder();
    try {
      WireReader from = new WireReader(plain);
      while (from.remaining() > 0) {
        int first = from.u8();
        int length = (first & 1 << 3) != 0 ? from.remaining() : from.u8();
        from.bytes(length);
        names.append(names.isEmpty() ? "" : ", ").append(name(first >>> 4));
        names.append('/').append(first & 7).append(' ').append(length);
      }
    } catch (MalformedException e) {
      names.append(" malformed: ").append(e.getMessage());
    }
    return names.isEmpty() ? "nothing" : names.toString();
  }

  private static String name(int code) {
    for (SectionType type : SectionType.values()) {
      if (type.code() == code) {
        return type.name().toLowerCase(Locale.ROOT);
      }
    }
    return "type " + code;
  }
}
