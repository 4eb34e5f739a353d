package starling.node;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class ProcessAgeTest {
  private static final long TICK_MILLIS = 10;

  @Test
  void aProcessIsAtLeastAsOldAsItsVirtualMachine() {
    long virtualMachine = ManagementFactory.getRuntimeMXBean().getUptime();
    assertTrue(ProcessAge.millis() + 2 * TICK_MILLIS >= virtualMachine);
    assertTrue(ProcessAge.millis() < System.currentTimeMillis());
  }
}
