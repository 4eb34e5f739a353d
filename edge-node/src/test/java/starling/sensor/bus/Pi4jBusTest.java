package starling.sensor.bus;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.pi4j.Pi4J;
import com.pi4j.context.Context;
import com.pi4j.io.gpio.digital.DigitalState;
import com.pi4j.plugin.mock.provider.gpio.digital.MockDigitalInput;
import com.pi4j.plugin.mock.provider.gpio.digital.MockDigitalInputProvider;
import com.pi4j.plugin.mock.provider.i2c.MockI2CProvider;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class Pi4jBusTest {
  private final List<Context> made = new ArrayList<>();
  private final Pi4jBus bus = new Pi4jBus(this::mock);

  private Context mock() {
    Context context =
        Pi4J.newContextBuilder()
            .noAutoDetect()
            .add(MockI2CProvider.newInstance(), MockDigitalInputProvider.newInstance())
            .build();
    made.add(context);
    return context;
  }

  @Test
  void registersAreWrittenAndRead() throws IOException {
    try (I2cDevice device = bus.i2c(1, 0x76)) {
      device.write(0xF4, 0x25);
      device.write(0xF4, 0xFF);
      byte[] two = new byte[2];
      device.read(0xF4, two);
      assertArrayEquals(new byte[] {0x25, (byte) 0xFF}, two);
    }
  }

  @Test
  void aShortAnswerIsAnError() throws IOException {
    try (I2cDevice device = bus.i2c(1, 0x76)) {
      device.write(0xF7, 1);
      IOException e = assertThrows(IOException.class, () -> device.read(0xF7, new byte[8]));
      assertTrue(
          e.getMessage().startsWith("can't read register 0xf7 of i2c-1-0x76: "), e.getMessage());
    }
  }

  @Test
  void aPinIsHighOrLow() throws IOException {
    try (DigitalInput input = bus.input(17, Bus.Pull.UP)) {
      MockDigitalInput pin = made.getFirst().io("pin-17");
      pin.mockState(DigitalState.HIGH);
      assertTrue(input.high());
      pin.mockState(DigitalState.LOW);
      assertFalse(input.high());
      pin.mockState(DigitalState.UNKNOWN);
      assertThrows(IOException.class, input::high);
    }
  }

  @Test
  void devicesShareAContextThatEndsWithTheLast() throws IOException {
    I2cDevice device = bus.i2c(1, 0x76);
    DigitalInput input = bus.input(4, Bus.Pull.OFF);
    assertEquals(1, made.size());
    device.close();
    device.close();
    assertFalse(made.getFirst().isShutdown());
    input.close();
    assertTrue(made.getFirst().isShutdown());
    bus.i2c(1, 0x76).close();
    assertEquals(2, made.size());
    assertNotSame(made.get(0), made.get(1));
    assertTrue(made.get(1).isShutdown());
  }

  @Test
  void aDeviceIsOpenedOnce() throws IOException {
    I2cDevice device = bus.i2c(1, 0x76);
    IOException e = assertThrows(IOException.class, () -> bus.i2c(1, 0x76));
    assertTrue(e.getMessage().startsWith("can't open i2c-1-0x76: "), e.getMessage());
    device.write(0xF4, 1); // still open
    device.close();
    bus.i2c(1, 0x76).close();
  }

  @Test
  void withoutHardwareTheErrorSaysWhatToDo() {
    Pi4jBus bare = new Pi4jBus(() -> Pi4J.newContextBuilder().noAutoDetect().build());
    IOException e = assertThrows(IOException.class, () -> bare.i2c(3, 0x76));
    assertTrue(e.getMessage().contains("/dev/i2c-3"), e.getMessage());
    assertThrows(IOException.class, () -> bare.input(3, Bus.Pull.DOWN));
  }
}
