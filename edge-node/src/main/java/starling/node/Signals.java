package starling.node;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import starling.link.Reception;
import starling.model.Delivery;
import starling.model.Member;

/**
 * How well frames come in, by link and by mate, as far as modems tell. Nothing is kept while none
 * does.
 */
final class Signals {
  private @Nullable Track[] links = {};
  private @Nullable Track[] mates = {};

  /** What was told of one sender, or of all on one link. */
  private static final class Track {
    final Level rssiDbm = new Level();
    final Level snrDb = new Level();

    void add(Reception reception) {
      rssiDbm.add(reception.rssiDbm());
      snrDb.add(reception.snrDb());
    }

    Delivery.Signal signal() {
      return new Delivery.Signal(rssiDbm.last(), rssiDbm.mean(), snrDb.last(), snrDb.mean());
    }
  }

  /** A figure's last value, and its mean: of all at first, then weighted towards the latest. */
  private static final class Level {
    private static final int WEIGHT_MAX = 16;

    private int weight;
    private float last;
    private float mean;

    void add(double value) {
      if (!Double.isNaN(value)) {
        weight = Math.min(weight + 1, WEIGHT_MAX);
        last = (float) value;
        mean += (last - mean) / weight;
      }
    }

    OptionalDouble last() {
      return weight == 0 ? OptionalDouble.empty() : OptionalDouble.of(last);
    }

    OptionalDouble mean() {
      return weight == 0 ? OptionalDouble.empty() : OptionalDouble.of(mean);
    }
  }

  /** An authentic frame came in on a link, from a mate unless {@code slot} is negative. */
  void heard(int link, int slot, Reception reception) {
    if (reception.told()) {
      links = add(links, link, reception);
      mates = slot >= 0 && slot < Member.SLOTS_MAX ? add(mates, slot, reception) : mates;
    }
  }

  private static @Nullable Track[] add(@Nullable Track[] to, int at, Reception reception) {
    @Nullable Track[] tracks = at < to.length ? to : Arrays.copyOf(to, at + 1);
    Track track = tracks[at];
    if (track == null) {
      track = new Track();
      tracks[at] = track;
    }
    track.add(reception);
    return tracks;
  }

  /** Of all neighbours' frames on a link. */
  Optional<Delivery.Signal> onLink(int link) {
    return signal(links, link);
  }

  /** Of a mate's frames. */
  Optional<Delivery.Signal> ofMate(int slot) {
    return signal(mates, slot);
  }

  private static Optional<Delivery.Signal> signal(@Nullable Track[] tracks, int at) {
    Track track = at >= 0 && at < tracks.length ? tracks[at] : null;
    return track == null ? Optional.empty() : Optional.of(track.signal());
  }
}
