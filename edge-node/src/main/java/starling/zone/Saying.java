package starling.zone;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import starling.model.Window;

/** What a frame under way says of a cell's contributions, to be committed when it has left. */
final class Saying {
  final Map<Window, Long> rows = new HashMap<>();
  final List<Window> have = new ArrayList<>();

  // On a broadcast medium.
  final List<Relay.Asked> asked = new ArrayList<>(0);
  @Nullable Window own;
  @Nullable Window of; // the newest, if it asks
  long inRound;
  long againNanos;
}
