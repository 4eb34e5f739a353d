package starling.sensor.bus;

import com.pi4j.Pi4J;
import com.pi4j.context.Context;
import com.pi4j.exception.Pi4JException;
import com.pi4j.io.IO;
import com.pi4j.io.gpio.digital.DigitalState;
import com.pi4j.io.gpio.digital.PullResistance;
import com.pi4j.io.i2c.I2C;
import java.io.IOException;
import java.util.ServiceConfigurationError;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The board's pins through Pi4J 3. All devices share one Pi4J context, made for the first and shut
 * down after the last: its providers hold chips and native libraries that two contexts would close
 * under each other. Pi4J throws unchecked exceptions of several families, so whatever a call throws
 * is told as an {@link IOException} that says what to look at.
 */
public final class Pi4jBus implements Bus {
  private static final Bus BOARD = new Pi4jBus(Pi4J::newAutoContext);

  private final Supplier<Context> contexts;
  private @Nullable Context context;
  private int devices;

  Pi4jBus(Supplier<Context> contexts) {
    this.contexts = contexts;
  }

  /** This board. */
  public static Bus board() {
    return BOARD;
  }

  @Override
  public synchronized I2cDevice i2c(int bus, int address) throws IOException {
    String name = String.format("i2c-%d-0x%02x", bus, address);
    I2C device =
        open(
            name,
            "enable I²C (raspi-config), check that /dev/i2c-"
                + bus
                + " is there and that this user"
                + " is in the group i2c",
            pi4j ->
                pi4j.create(I2C.newConfigBuilder(pi4j).id(name).bus(bus).device(address).build()));
    return new Registers(name, device);
  }

  @Override
  public synchronized DigitalInput input(int pin, Pull pull) throws IOException {
    String name = "pin-" + pin;
    com.pi4j.io.gpio.digital.DigitalInput device =
        open(
            name,
            "check that /dev/gpiochip* is there, that this user is in the group gpio and that"
                + " nothing else uses the pin",
            pi4j ->
                pi4j.create(
                    com.pi4j.io.gpio.digital.DigitalInput.newConfigBuilder(pi4j)
                        .id(name)
                        .address(pin)
                        .pull(resistance(pull))
                        .build()));
    return new Pin(name, device);
  }

  private static PullResistance resistance(Pull pull) {
    return switch (pull) {
      case OFF -> PullResistance.OFF;
      case UP -> PullResistance.PULL_UP;
      case DOWN -> PullResistance.PULL_DOWN;
    };
  }

  private <T> T open(String name, String advice, Opening<T> opening) throws IOException {
    try {
      Context pi4j = context == null ? contexts.get() : context;
      context = pi4j;
      T device = opening.in(pi4j);
      devices++;
      return device;
    } catch (RuntimeException | LinkageError | ServiceConfigurationError e) {
      release();
      throw new IOException("can't open " + name + ": " + said(e) + "; " + advice, e);
    }
  }

  private synchronized void close(IO<?, ?, ?> device) {
    Context pi4j = context;
    if (pi4j != null && pi4j.registry().exists(device.id())) {
      pi4j.shutdown(device);
      devices--;
      release();
    }
  }

  private void release() {
    Context pi4j = context;
    if (devices == 0 && pi4j != null) {
      context = null;
      pi4j.shutdown();
    }
  }

  private static String said(Throwable e) {
    Throwable cause = e;
    while (cause.getMessage() == null && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }

  private interface Opening<T> {
    T in(Context pi4j);
  }

  private final class Registers implements I2cDevice {
    private final String name;
    private final I2C device;

    Registers(String name, I2C device) {
      this.name = name;
      this.device = device;
    }

    @Override
    public void read(int register, byte[] into) throws IOException {
      int count;
      try {
        count = device.readRegister(register, into);
      } catch (RuntimeException e) {
        throw failed("read", register, said(e), e);
      }
      if (count != into.length) {
        throw failed("read", register, count + " of " + into.length + " bytes came", null);
      }
    }

    @Override
    public void write(int register, int value) throws IOException {
      try {
        if (device.writeRegister(register, (byte) value) < 0) {
          throw failed("write", register, "no answer", null);
        }
      } catch (RuntimeException e) {
        throw failed("write", register, said(e), e);
      }
    }

    private IOException failed(
        String what, int register, String why, @Nullable RuntimeException cause) {
      return new IOException(
          String.format(
              "can't %s register 0x%02x of %s: %s; check the wiring and the address (i2cdetect)",
              what, register, name, why),
          cause);
    }

    @Override
    public void close() {
      Pi4jBus.this.close(device);
    }
  }

  private final class Pin implements DigitalInput {
    private final String name;
    private final com.pi4j.io.gpio.digital.DigitalInput device;

    Pin(String name, com.pi4j.io.gpio.digital.DigitalInput device) {
      this.name = name;
      this.device = device;
    }

    @Override
    public boolean high() throws IOException {
      DigitalState state;
      try {
        state = device.state();
      } catch (Pi4JException e) {
        throw new IOException("can't read " + name + ": " + said(e), e);
      }
      if (state == DigitalState.UNKNOWN) {
        throw new IOException("can't read " + name + ": its state is unknown");
      }
      return state.isHigh();
    }

    @Override
    public void close() {
      Pi4jBus.this.close(device);
    }
  }
}
