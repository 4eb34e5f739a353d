package starling.bench.radio;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntConsumer;
import starling.simulate.LoneCell.Reading;

/**
 * What people pick instead: each node has a reading for the gateway, station 0, at the end of each
 * window, and says it at a random time of the next one; those beyond a star's reach are silent.
 * Rules that are left out stand in the command's help.
 */
enum Rival {
  /** A star that sends each reading once: pure ALOHA. */
  STAR {
    @Override
    void say(Field field, int node, long window) {
      if (field.channel.hears(GATEWAY, node)) {
        field.channel.send(node, UPLINK_BYTES, field.gateway(node, window), () -> {});
      }
    }
  },

  /** A star with acknowledgements, by the rules of LoRaWAN 1.0.4 class A. */
  STAR_ACKNOWLEDGED {
    @Override
    void say(Field field, int node, long window) {
      if (field.channel.hears(GATEWAY, node)) {
        attempt(field, node, window, new boolean[1], 1);
      }
    }

    private void attempt(Field field, int node, long window, boolean[] acknowledged, int tries) {
      Channel channel = field.channel;
      channel.send(
          node,
          UPLINK_BYTES,
          receiver -> {
            if (receiver == GATEWAY) {
              field.arrived(node, window);
              channel.after(RX1_MICROS, () -> acknowledge(field, node, acknowledged, true));
            }
          },
          () ->
              channel.after(
                  RX2_MICROS + RETRY_MICROS + channel.draw(2 * RETRY_MICROS),
                  () -> {
                    if (!acknowledged[0] && tries < TRIES) {
                      attempt(field, node, window, acknowledged, tries + 1);
                    }
                  }));
    }

    private void acknowledge(Field field, int node, boolean[] acknowledged, boolean first) {
      Channel channel = field.channel;
      if (channel.busy(GATEWAY)) {
        if (first) {
          channel.after(
              RX2_MICROS - RX1_MICROS, () -> acknowledge(field, node, acknowledged, false));
        }
        return;
      }
      channel.send(GATEWAY, ACK_BYTES, receiver -> acknowledged[0] |= receiver == node, () -> {});
    }
  },

  /** Managed flooding, by Meshtastic's rules for clients. */
  FLOODING {
    @Override
    void say(Field field, int node, long window) {
      field.heard.put(Field.key(node, node, window), 1);
      Channel channel = field.channel;
      channel.after(
          channel.draw(1L << CW_MIN) * slotMicros(field),
          () -> flood(field, node, node, window, HOPS));
    }

    private void flood(Field field, int station, int node, long window, int hops) {
      Channel channel = field.channel;
      if (field.heard.getOrDefault(Field.key(station, node, window), 0) > 1) {
        return; // somebody else did, and so this one need not
      }
      if (channel.busy(station)) {
        channel.after(
            (1 + channel.draw(1L << CW_MIN)) * slotMicros(field),
            () -> flood(field, station, node, window, hops));
        return;
      }
      channel.send(
          station,
          FLOOD_BYTES,
          receiver -> hear(field, station, receiver, node, window, hops),
          () -> {});
    }

    private void hear(Field field, int from, int station, int node, long window, int hops) {
      if (station == GATEWAY) {
        field.arrived(node, window);
      }
      int copies = field.heard.merge(Field.key(station, node, window), 1, Integer::sum);
      if (copies > 1 || hops == 0) {
        return;
      }
      Channel channel = field.channel;
      double strong = channel.strength(from, station);
      int exponent = CW_MIN + (int) Math.round((CW_MAX - CW_MIN) * strong);
      long slots = 2L * CW_MAX + channel.draw(1L << exponent);
      channel.after(slots * slotMicros(field), () -> flood(field, station, node, window, hops - 1));
    }

    private long slotMicros(Field field) {
      return (long) (2.5 * field.symbolMicros) + 7_600;
    }
  };

  private static final int GATEWAY = 0;
  private static final int UPLINK_BYTES = 30; // and the framing that Starling's frames have
  private static final int ACK_BYTES = 7;
  private static final int FLOOD_BYTES = 33;
  private static final int TRIES = 8;
  private static final long RX1_MICROS = 1_000_000;
  private static final long RX2_MICROS = 2_000_000;
  private static final long RETRY_MICROS = 1_000_000;
  private static final int HOPS = 3;
  private static final int CW_MIN = 3;
  private static final int CW_MAX = 8;

  /** Lets a node say its reading of a window. */
  abstract void say(Field field, int node, long window);

  /** How it is written. */
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** A field that goes by one of these rules. */
  static final class Field {
    final Channel channel;
    final double symbolMicros;
    final Map<Long, Integer> heard = new HashMap<>();
    private final List<Reading> readings = new ArrayList<>();
    private final long windowMicros;

    Field(Channel channel, double symbolMicros, long windowMillis) {
      this.channel = channel;
      this.symbolMicros = symbolMicros;
      this.windowMicros = windowMillis * 1000;
    }

    static long key(int station, int node, long window) {
      return window << 20 | (long) station << 10 | node;
    }

    IntConsumer gateway(int node, long window) {
      return receiver -> {
        if (receiver == GATEWAY) {
          arrived(node, window);
        }
      };
    }

    void arrived(int node, long window) {
      readings.add(new Reading(node, window * windowMicros / 1000, channel.now() / 1000));
    }

    /** Runs so many windows; answers what came in, each reading once. */
    List<Reading> run(Rival rules, int nodes, int windows) {
      for (long window = 1; window <= windows; window++) {
        channel.run(window * windowMicros);
        for (int node = 1; node < nodes; node++) {
          int who = node;
          long which = window;
          channel.after(channel.draw(windowMicros), () -> rules.say(this, who, which));
        }
      }
      channel.run((windows + 1L) * windowMicros);
      Map<Long, Reading> first = new HashMap<>();
      readings.forEach(
          reading -> first.putIfAbsent(reading.endMillis() << 10 | reading.node(), reading));
      return List.copyOf(first.values());
    }
  }
}
