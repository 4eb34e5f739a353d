package starling.sensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SensorDriverTest {
  @Test
  void everyKindIsFound() {
    Set<String> kinds = new TreeSet<>();
    ServiceLoader.load(SensorDriver.class).forEach(driver -> kinds.add(driver.kind()));
    assertEquals(Set.of("bme280", "digital", "linux", "replay"), kinds);
  }

  @Test
  void aNodeWithoutBusesNeedsNoPi4j() throws Exception {
    try (var bare = classesWithout("pi4j")) {
      Class<?> driver = bare.loadClass("starling.sensor.SensorDriver");
      Set<String> kinds = new TreeSet<>();
      for (Object found : ServiceLoader.load(driver, bare)) {
        kinds.add((String) driver.getMethod("kind").invoke(found));
      }
      assertEquals(Set.of("bme280", "digital", "linux", "replay"), kinds);
      assertThrows(ClassNotFoundException.class, () -> bare.loadClass("com.pi4j.Pi4J"));
    }
  }

  /** With Pi4J's own providers, as on a node: nowhere is there a bus 250. */
  @Test
  void aBoardWithoutTheBusSaysWhatToDo() throws Exception {
    ClassLoader usual = Thread.currentThread().getContextClassLoader();
    try (var real = classesWithout("pi4j-plugin-mock")) {
      Thread.currentThread().setContextClassLoader(real); // where Pi4J looks for its providers
      Class<?> type = real.loadClass("starling.sensor.SensorDriver");
      Object driver = real.loadClass("starling.sensor.Bme280Driver").getConstructor().newInstance();
      Method open = type.getMethod("open", Map.class);
      Throwable e =
          assertThrows(
                  InvocationTargetException.class, () -> open.invoke(driver, Map.of("bus", "250")))
              .getCause();
      assertInstanceOf(IOException.class, e);
      for (String part : List.of("can't open i2c-250-0x76", "raspi-config", "group i2c")) {
        assertTrue(e.getMessage().contains(part), e.getMessage());
      }
    } finally {
      Thread.currentThread().setContextClassLoader(usual);
    }
  }

  private static URLClassLoader classesWithout(String part) {
    URL[] path =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !entry.contains(part))
            .map(SensorDriverTest::url)
            .toArray(URL[]::new);
    return new URLClassLoader(path, ClassLoader.getPlatformClassLoader());
  }

  private static URL url(String entry) {
    try {
      return new File(entry).toURI().toURL();
    } catch (MalformedURLException e) {
      throw new AssertionError(e);
    }
  }
}
