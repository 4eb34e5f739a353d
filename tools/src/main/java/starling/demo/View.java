package starling.demo;

import java.net.URI;
import java.util.Map;

/** How the demo shows itself. Called from one thread. */
interface View {
  /** Everything was started. */
  void ready(Ready ready);

  /** The gateway published something; node states only when they changed. */
  void heard(Heard heard);

  /** A zone was complete for the first time. */
  void first(Timekeeper.First first);

  /** About once a second. */
  void tick(long nowMillis);

  /** The results were compared with the recording. */
  void checked(Verdict verdict);

  /**
   * What runs.
   *
   * @param mqtt the gateway's broker
   * @param pids of the nodes, by path
   * @param startMillis Unix milliseconds
   */
  record Ready(URI mqtt, String site, Map<String, Long> pids, long gatewayPid, long startMillis) {}
}
