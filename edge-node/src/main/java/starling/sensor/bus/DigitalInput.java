package starling.sensor.bus;

import java.io.IOException;

/** A pin that is read. */
public interface DigitalInput extends AutoCloseable {
  /** Whether the pin is high now. */
  boolean high() throws IOException;

  @Override
  void close();
}
