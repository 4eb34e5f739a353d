package starling.boards;

import java.nio.file.Path;
import java.util.List;
import starling.Repository;

/** A board that QEMU emulates. */
enum Board {
  /** A machine of no maker's, with its radio on USB and a cable to this machine. */
  VIRT {
    @Override
    List<String> hardware(Plugged plugged) {
      return virtual(2, plugged);
    }

    @Override
    void prepare(Plugged plugged) {}

    @Override
    String words(String commandLine) {
      return virtual(commandLine);
    }
  },

  /** The same with one processor: where this machine gives it little, two wait for each other. */
  VIRT_SMALL {
    @Override
    List<String> hardware(Plugged plugged) {
      return virtual(1, plugged);
    }

    @Override
    void prepare(Plugged plugged) {}

    @Override
    String words(String commandLine) {
      return virtual(commandLine);
    }
  },

  /**
   * A Raspberry Pi 3 B, with its radio on the board's own UART, and on its I²C bus a BME280: an
   * EEPROM that has the registers of one, as QEMU has no such sensor.
   */
  RASPI3B {
    @Override
    List<String> hardware(Plugged plugged) {
      return List.of(
          "-M raspi3b -smp 4 -m 1024 -dtb " + plugged.devices(),
          "-serial chardev:radio -serial chardev:console",
          "-chardev serial,id=radio,path=" + plugged.radio(),
          "-drive if=sd,format=raw,file=" + plugged.card(),
          "-drive if=none,id=registers,format=raw,file=" + plugged.registers(),
          "-device at24c-eeprom,bus=i2c-bus.1,address=0x76,rom-size="
              + Registers.DRIVE_BYTES
              + ",address-size=1,drive=registers");
    }

    /**
     * What firmware does where config.txt says disable-bt: the UART is no longer Bluetooth's. And
     * an init of ours, in an archive behind the card's: what comes last counts.
     */
    @Override
    void prepare(Plugged plugged) throws Exception {
      Shell.run("fdtput", "-r", plugged.devices().toString(), UART + "/bluetooth");
      startWith("sensor", plugged.initramfs());
    }

    /** One of its four processors: they wait for each other where this machine has fewer. */
    @Override
    String words(String commandLine) {
      return commandLine + " console=ttyS1,115200 maxcpus=1";
    }
  };

  private static final String UART = "/soc/serial@7e201000";

  /**
   * What is plugged into a board.
   *
   * @param card its image, which it changes
   * @param devices the device tree, which {@link #prepare} changes
   * @param initramfs the first file system, as is this
   * @param radio the pseudo-terminal that its radio is
   * @param registers those of its sensor
   * @param sshPort where this machine's end of the cable is
   */
  record Plugged(
      Path card, Path devices, Path initramfs, Path radio, Path registers, int sshPort) {}

  /** Puts an init of ours in place of the card's. */
  static void startWith(String folder, Path initramfs) throws Exception {
    Path init = Repository.root().resolve("tools/src/test/resources/starling/boards/" + folder);
    Shell.run("sh", "-c", "cd " + init + " && echo init | cpio -o -H newc | gzip >>" + initramfs);
  }

  private static List<String> virtual(int processors, Plugged plugged) {
    return List.of(
        "-M virt -cpu cortex-a53 -m 1024 -smp " + processors,
        "-serial chardev:console -chardev serial,id=radio,path=" + plugged.radio(),
        "-device qemu-xhci -device usb-serial,chardev=radio",
        "-drive if=none,id=card,format=raw,file=" + plugged.card(),
        "-device virtio-blk-pci,drive=card",
        "-device virtio-net-pci,netdev=cable,romfile=",
        "-netdev user,id=cable,restrict=on,hostfwd=tcp:127.0.0.1:" + plugged.sshPort() + "-:22");
  }

  /** What a Pi calls serial0 is what firmware makes of it. */
  private static String virtual(String commandLine) {
    return commandLine.replace("serial0", "ttyAMA0");
  }

  /** QEMU's words, several in one. */
  abstract List<String> hardware(Plugged plugged);

  /** What is done to what the kernel is given, as by firmware. */
  abstract void prepare(Plugged plugged) throws Exception;

  /** The kernel's command line, as firmware passes it on. */
  abstract String words(String commandLine);
}
