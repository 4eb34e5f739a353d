package starling.link.mqtt;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The messages that the client library holds, a bounded number; each is settled exactly once. */
final class InFlight {
  /** One message; identity is what counts. */
  static final class Parcel {
    private final BrokerSession.Outcome outcome;
    private final long sinceNanos;

    private Parcel(BrokerSession.Outcome outcome, long sinceNanos) {
      this.outcome = outcome;
      this.sinceNanos = sinceNanos;
    }
  }

  private final int max;
  private final Set<Parcel> parcels = new LinkedHashSet<>();

  InFlight(int max) {
    this.max = max;
  }

  /** Null when there are too many already. */
  synchronized @Nullable Parcel add(BrokerSession.Outcome outcome, long nowNanos) {
    if (parcels.size() >= max) {
      return null;
    }
    Parcel parcel = new Parcel(outcome, nowNanos);
    parcels.add(parcel);
    return parcel;
  }

  void settle(Parcel parcel, boolean sent) {
    boolean first;
    synchronized (this) {
      first = parcels.remove(parcel);
    }
    if (first) {
      parcel.outcome.settled(sent);
    }
  }

  void failAll() {
    List<Parcel> all;
    synchronized (this) {
      all = new ArrayList<>(parcels);
    }
    all.forEach(parcel -> settle(parcel, false));
  }

  /** Whether the oldest has been here for longer than {@code ageNanos}. */
  synchronized boolean olderThan(long ageNanos, long nowNanos) {
    return !parcels.isEmpty() && nowNanos - parcels.iterator().next().sinceNanos > ageNanos;
  }
}
