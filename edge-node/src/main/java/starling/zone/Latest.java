package starling.zone;

import java.util.SortedMap;
import java.util.TreeMap;
import starling.engine.Effects;
import starling.model.Channel;
import starling.model.Delivery;
import starling.model.Facts;
import starling.model.Member;
import starling.model.Schema;
import starling.model.Window;
import starling.wire.MalformedException;

/** A member's contribution, told to the owner in units. */
final class Latest {
  private Latest() {}

  static void tell(
      Member member, Window window, byte[] row, Schema schema, Facts facts, Effects out) {
    SortedMap<String, Double> values = new TreeMap<>();
    SortedMap<String, String> units = new TreeMap<>();
    try {
      Contribution contribution = Contribution.decode(row, schema);
      for (int i = 0; i < schema.channels().size(); i++) {
        if ((contribution.present() & 1L << i) != 0) {
          Channel channel = schema.channels().get(i);
          values.put(channel.name(), channel.value(contribution.steps()[i]));
          units.put(channel.name(), channel.unit());
        }
      }
    } catch (MalformedException e) {
      return; // counted nowhere either
    }
    String path = facts.charter().path(facts.self().cell()).orElse("") + "/" + member.name();
    out.deliver(new Delivery.Latest(path, window.endMillis(), values, units));
  }
}
