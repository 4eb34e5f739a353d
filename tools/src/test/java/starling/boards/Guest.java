package starling.boards;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import starling.Mosquitto;

/**
 * One emulated arm64 board of 1 GiB that boots a card: QEMU's machine {@code virt}, its radio a
 * serial port on USB, its network a cable to this machine by which it can be logged in to, and
 * nothing beyond.
 *
 * <p>An emulated board has no firmware: as one would, this reads kernel, initial RAM disk and
 * command line off the card's boot partition each time that it is switched on.
 */
final class Guest implements AutoCloseable {
  private static final long BOOT_AT = 4 << 20;
  private static final int MEMORY_MIB = 1024;
  private static final int DEADLINE_S = 600;

  /** An emulated board on a busy machine finds its card's partitions after minutes, not in 90 s. */
  private static final String PATIENCE =
      " systemd.default_device_timeout_sec=1200 systemd.default_timeout_start_sec=1200";

  private final Path card;
  private final Path radio;
  private final Path console;
  private final Path key;
  private final int sshPort = Mosquitto.freePort();
  private Process machine;

  private Guest(Path card, Path radio, Path key) throws Exception {
    this.card = card;
    this.radio = radio;
    this.key = key;
    console = card.resolveSibling(card.getFileName() + ".console");
    machine = switchedOn();
  }

  /**
   * Switches a board on.
   *
   * @param card an image, which it changes
   * @param radio the pseudo-terminal that its radio is
   * @param key with which it can be logged in to, as {@code pi}
   */
  static Guest on(Path card, Path radio, Path key) throws Exception {
    return new Guest(card, radio, key);
  }

  private Process switchedOn() throws Exception {
    Path kernel = take("kernel8.img");
    Path initramfs = take("initramfs8");
    // What a Pi calls serial0 is what firmware makes of it.
    String words = Files.readString(take("cmdline.txt")).strip().replace("serial0", "ttyAMA0");
    words += PATIENCE;
    List<String> command =
        new ArrayList<>(List.of("qemu-system-aarch64", "-M", "virt", "-cpu", "cortex-a53"));
    command.addAll(List.of("-accel", "tcg,thread=multi", "-smp", "2", "-m", "" + MEMORY_MIB));
    command.addAll(List.of("-nodefaults", "-display", "none", "-monitor", "none"));
    command.addAll(List.of("-chardev", "file,id=console,append=on,path=" + console));
    command.addAll(List.of("-serial", "chardev:console"));
    command.addAll(List.of("-kernel", kernel.toString(), "-initrd", initramfs.toString()));
    command.addAll(List.of("-append", words));
    command.addAll(List.of("-drive", "if=none,id=card,format=raw,file=" + card));
    command.addAll(List.of("-device", "virtio-blk-pci,drive=card"));
    command.addAll(List.of("-device", "qemu-xhci", "-device", "usb-serial,chardev=radio"));
    command.addAll(List.of("-chardev", "serial,id=radio,path=" + radio.toRealPath()));
    command.addAll(List.of("-device", "virtio-net-pci,netdev=cable,romfile="));
    command.add("-netdev");
    command.add("user,id=cable,restrict=on,hostfwd=tcp:127.0.0.1:" + sshPort + "-:22");
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(
            ProcessBuilder.Redirect.appendTo(
                card.resolveSibling(card.getFileName() + ".qemu").toFile()))
        .start();
  }

  private Path take(String name) throws Exception {
    Path to = card.resolveSibling(card.getFileName() + "." + name);
    Shell.run("mcopy", "-n", "-o", "-i", card + "@@" + BOOT_AT, "::" + name, to.toString());
    return to;
  }

  /** What is on the boot partition, switched off. */
  String bootFiles() throws Exception {
    return Shell.run("mdir", "-b", "-/", "-i", card + "@@" + BOOT_AT, "::");
  }

  /** A file of the boot partition, switched off. */
  String bootFile(String name) throws Exception {
    return Files.readString(take(name));
  }

  /**
   * What a shell on the board says to a command; fails if it can't be reached or does not like it.
   */
  String ssh(String command) throws Exception {
    return Shell.run(
        "ssh",
        "-i",
        key.toString(),
        "-p",
        Integer.toString(sshPort),
        "-o",
        "StrictHostKeyChecking=no",
        "-o",
        "UserKnownHostsFile=/dev/null",
        "-o",
        "LogLevel=ERROR",
        "-o",
        "BatchMode=yes",
        "-o",
        "ConnectTimeout=20",
        "pi@127.0.0.1",
        command);
  }

  /** Whether it answers, with a zero status. */
  boolean answers(String command) throws Exception {
    try {
      ssh(command);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** All that it has written to its console. */
  String console() throws IOException {
    return Files.exists(console) ? new String(Files.readAllBytes(console), UTF_8) : "";
  }

  boolean isOn() {
    return machine.isAlive();
  }

  /** The power is cut. */
  void cut() {
    machine.destroyForcibly().onExit().join();
  }

  /** Switches it on again, after it was switched off or cut. */
  void again() throws Exception {
    machine = switchedOn();
  }

  /** Shuts it down in order. */
  void shutDown() throws Exception {
    answers("sudo systemctl poweroff");
    if (!machine.waitFor(DEADLINE_S, TimeUnit.SECONDS)) {
      throw new AssertionError("it does not shut down: " + console());
    }
  }

  @Override
  public void close() {
    cut();
  }
}
