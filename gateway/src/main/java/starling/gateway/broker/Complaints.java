package starling.gateway.broker;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Filter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.apache.activemq.artemis.api.core.ActiveMQShutdownException;
import org.jspecify.annotations.Nullable;

/**
 * What of the broker's own log a person gets to see: warnings and errors, each kind once a minute,
 * so that a stranger who tries passwords does not fill the disk.
 */
final class Complaints implements Filter {
  /**
   * No dead letter and no expiry address: both are meant. An acknowledgement that comes while the
   * journal is being closed: the message comes again. A failure to start: thrown to the caller.
   */
  private static final Set<String> MEANT =
      Set.of("AMQ222165", "AMQ222166", "AMQ222153", "AMQ224000", "AMQ224097");

  /** What gives messages their numbers has been stopped. */
  private static final String NUMBERS_CLOSED = "AMQ229257";

  private static final int CODE_LENGTH = "AMQ222165".length();
  private static final int CODES_MAX = 256;
  private static final long PAUSE_MILLIS = 60_000;

  /** Kept here, as the logging framework forgets what was set when nobody holds a logger. */
  private static final List<Logger> LOGGERS =
      List.of(
          Logger.getLogger("org.apache.activemq"),
          Logger.getLogger("org.apache.activemq.artemis.core.server"),
          Logger.getLogger("org.apache.activemq.artemis.core.client"),
          Logger.getLogger("org.apache.activemq.artemis.core.protocol.mqtt"),
          Logger.getLogger("org.apache.activemq.artemis.journal"),
          Logger.getLogger("io.netty"));

  private final ConcurrentHashMap<String, Long> toldMillis = new ConcurrentHashMap<>();

  private Complaints() {}

  static void only() {
    Filter filter = new Complaints();
    for (Logger logger : LOGGERS) {
      logger.setLevel(Level.WARNING);
      logger.setFilter(filter);
    }
  }

  private static boolean isClosed(@Nullable Throwable why) {
    return why != null && String.valueOf(why.getMessage()).startsWith(NUMBERS_CLOSED);
  }

  @Override
  public boolean isLoggable(LogRecord told) {
    if (told.getThrown() instanceof ActiveMQShutdownException || isClosed(told.getThrown())) {
      return false; // Work that came while the journal was being closed; it is done again.
    }
    String text = told.getMessage();
    if (text == null || !text.startsWith("AMQ") || text.length() < CODE_LENGTH) {
      return true;
    }
    String code = text.substring(0, CODE_LENGTH);
    if (MEANT.contains(code)) {
      return false;
    }
    Long last = toldMillis.get(code);
    if (last != null && told.getMillis() - last < PAUSE_MILLIS) {
      return false;
    }
    if (last != null || toldMillis.size() < CODES_MAX) {
      toldMillis.put(code, told.getMillis());
    }
    return true;
  }
}
