package starling.link.serial;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import starling.link.ModemSettings.Ebyte.Model;

/**
 * What an E22 or E32 does with what comes over its line, by the modules' user manuals: register
 * commands in configuration mode, bytes for the air in transparent mode, nothing in the others.
 */
final class EbyteModule {
  /** Registers that keep these bits whatever is written: another family's power table, say. */
  final Map<Integer, Integer> stuck = new HashMap<>();

  final Model model;
  final byte[] registers;
  boolean deaf;
  private ModePins pins = ModePins.TRANSPARENT;

  EbyteModule(Model model) {
    this.model = model;
    // As they leave the factory.
    registers =
        model == Model.E22
            ? new byte[] {0, 0, 0, 0x62, 0, 18, 0x03}
            : new byte[] {0, 0, 0x1A, 6, 0x44};
  }

  /** The pins move; a stray byte comes as the mode changes. */
  synchronized byte[] pins(ModePins next) {
    boolean changed = !next.equals(pins);
    pins = next;
    return changed ? new byte[] {0x00} : new byte[0];
  }

  synchronized boolean transparent() {
    return pins.equals(ModePins.TRANSPARENT);
  }

  private boolean configuring() {
    return pins.m1() && pins.m0() == (model == Model.E32);
  }

  /** What it answers to a command. */
  synchronized byte[] obey(byte[] command) {
    if (deaf || !configuring() || command.length == 0) {
      return new byte[0];
    }
    return model == Model.E22 ? e22(command) : e32(command);
  }

  private byte[] e22(byte[] command) {
    int at = command.length > 1 ? command[1] & 0xFF : 0xFF;
    int count = command.length > 2 ? command[2] & 0xFF : 0;
    if (command[0] == (byte) 0xC1 && command.length == 3 && at + count <= registers.length) {
      return answer(0xC1, at, count);
    }
    if (command[0] == (byte) 0xC0 && command.length == 3 + count && at + count <= 7) {
      write(at, Arrays.copyOfRange(command, 3, command.length));
      return answer(0xC1, at, count);
    }
    return new byte[] {-1, -1, -1};
  }

  private byte[] e32(byte[] command) {
    byte[] read = {(byte) 0xC1, (byte) 0xC1, (byte) 0xC1};
    if (command[0] == (byte) 0xC0 && command.length == 6) {
      write(0, Arrays.copyOfRange(command, 1, 6));
    } else if (!Arrays.equals(command, read)) {
      return new byte[0];
    }
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    answer.write(0xC0);
    answer.writeBytes(registers);
    return answer.toByteArray();
  }

  private void write(int at, byte[] values) {
    System.arraycopy(values, 0, registers, at, values.length);
    stuck.forEach((register, value) -> registers[register] = (byte) (int) value);
  }

  private byte[] answer(int head, int at, int count) {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    answer.write(head);
    answer.write(at);
    answer.write(count);
    answer.write(registers, at, count);
    return answer.toByteArray();
  }

  /** What comes out when a packet comes in from the air. */
  synchronized byte[] hears(byte[] packet, int rssiDbm) {
    boolean tells = model == Model.E22 && (registers[6] & 0x80) != 0;
    byte[] out = Arrays.copyOf(packet, packet.length + (tells ? 1 : 0));
    if (tells) {
      out[packet.length] = (byte) (256 + rssiDbm);
    }
    return transparent() ? out : new byte[0];
  }
}
