package starling.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import starling.frame.FrameHeader;
import starling.frame.Introduction;
import starling.link.Reception;
import starling.model.NodeId;
import starling.sniff.Sniffed;

/** A sniffed frame, in one line for a person or as one JSON object. */
final class FrameLine {
  private static final String NOT_TOLD = "-";

  private FrameLine() {}

  static String text(Sniffed frame) {
    String time = Instant.ofEpochMilli(frame.atMillis()).toString();
    return String.format(
        Locale.ROOT,
        "%-24s %8s %8s %5d B  %s",
        time,
        level(frame.reception().rssiDbm(), "dBm"),
        level(frame.reception().snrDb(), "dB"),
        frame.bytes(),
        frame
            .header()
            .map(header -> whole(frame, header))
            .orElseGet(() -> "no frame: " + frame.remark()));
  }

  private static String whole(Sniffed frame, FrameHeader header) {
    String who = frame.introduction().map(said -> ", " + introduction(said)).orElse("");
    String head =
        String.format(
            Locale.ROOT,
            "%s #%d%s, charter ..%x, again within %d s: ",
            frame.sender(),
            header.counter(),
            who,
            header.charterLow(),
            header.promiseMillis() / 1000);
    return head
        + switch (frame.state()) {
          case OPENED -> sections(frame.sections());
          case SEALED -> frame.remark().isEmpty() ? "sealed" : "sealed, " + frame.remark();
          case REFUSED, NOISE -> "refused: " + frame.remark();
        };
  }

  private static String introduction(Introduction said) {
    return "node " + new NodeId(said.node()) + " boot " + said.generation();
  }

  private static String sections(List<Sniffed.Part> parts) {
    return parts.isEmpty()
        ? "nothing"
        : parts.stream().map(FrameLine::section).collect(Collectors.joining(" | "));
  }

  private static String section(Sniffed.Part part) {
    String text = part.text().isEmpty() ? "" : " (" + part.text() + ")";
    return part.name() + " " + part.bytes() + " B" + text;
  }

  private static String level(double value, String unit) {
    return Double.isNaN(value) ? NOT_TOLD : String.format(Locale.ROOT, "%.1f %s", value, unit);
  }

  static JsonObject json(Sniffed frame) {
    JsonObject row = new JsonObject();
    row.addProperty("time", Instant.ofEpochMilli(frame.atMillis()).toString());
    row.addProperty("ts", frame.atMillis());
    row.addProperty("bytes", frame.bytes());
    reception(row, frame.reception());
    row.addProperty("state", frame.state().name().toLowerCase(Locale.ROOT));
    frame.header().ifPresent(header -> header(row, frame.sender(), header));
    frame
        .introduction()
        .ifPresent(said -> {
          row.addProperty("node", new NodeId(said.node()).toString());
          row.addProperty("generation", said.generation());
        });
    if (!frame.remark().isEmpty()) {
      row.addProperty("remark", frame.remark());
    }
    if (frame.state() == Sniffed.State.OPENED) {
      JsonArray sections = new JsonArray();
      frame.sections().forEach(part -> sections.add(part(part)));
      row.add("sections", sections);
    }
    return row;
  }

  private static void reception(JsonObject row, Reception reception) {
    if (reception.hasRssi()) {
      row.addProperty("rssi_dbm", reception.rssiDbm());
    }
    if (reception.hasSnr()) {
      row.addProperty("snr_db", reception.snrDb());
    }
  }

  private static void header(JsonObject row, String sender, FrameHeader header) {
    row.addProperty("sender", sender);
    row.addProperty("cell", header.cell());
    row.addProperty("slot", header.slot());
    row.addProperty("epoch", header.keyEpoch());
    row.addProperty("counter", header.counter());
    row.addProperty("charter_low", header.charterLow());
    row.addProperty("promise_s", header.promiseMillis() / 1000);
  }

  private static JsonObject part(Sniffed.Part part) {
    JsonObject section = new JsonObject();
    section.addProperty("section", part.name());
    section.addProperty("bytes", part.bytes());
    if (!part.text().isEmpty()) {
      section.addProperty("text", part.text());
    }
    return section;
  }
}
