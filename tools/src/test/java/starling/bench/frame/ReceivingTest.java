package starling.bench.frame;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Hearing does not begin to cost more: limits well above what JMH measures. */
class ReceivingTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int WARM = 4_000;
  private static final int FRAMES = 4_000;

  @ParameterizedTest
  @CsvSource({"NOTHING_NEW, 9000", "OWN_ROW, 10000", "NOISE, 200"})
  void hearingAFrameAllocatesLittle(Receiving.Heard heard, long bytesMax) {
    Receiving receiving = new Receiving();
    receiving.heard = heard;
    receiving.prepare();
    long _ = hear(receiving, WARM);
    long bytes = hear(receiving, FRAMES);
    assertTrue(bytes < bytesMax, heard + " allocates " + bytes + " bytes a frame");
  }

  private static long hear(Receiving receiving, int frames) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < frames; i++) {
      assertTrue(receiving.hear() > 0);
    }
    return (THREADS.getCurrentThreadAllocatedBytes() - before) / frames;
  }

  @Test
  void digestsAreHeardAndNotRefused() {
    Receiving receiving = new Receiving();
    receiving.heard = Receiving.Heard.NOTHING_NEW;
    receiving.prepare();
    long before = receiving.framesHeard();
    long _ = hear(receiving, 100);
    assertTrue(receiving.framesHeard() == before + 100, "only some were believed");
  }
}
