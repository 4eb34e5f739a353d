package starling.boards;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import starling.Mosquitto;

/**
 * One emulated arm64 board of 1 GiB that boots a card, with a radio that is a pseudo-terminal, and
 * nothing beyond.
 *
 * <p>An emulated board has no firmware: as one would, this reads kernel, initial RAM disk and
 * command line off the card's boot partition each time that it is switched on.
 */
final class Guest implements AutoCloseable {
  private static final long BOOT_AT = 4 << 20;
  private static final int ROOT_AT_MIB = 260;
  private static final String QEMU = System.getProperty("starling.qemu", "qemu-system-aarch64");
  private static final String COMMON =
      "-accel tcg,thread=multi -nodefaults -display none -monitor none";
  private static final String DEVICES = "bcm2837-rpi-3-b.dtb";
  private static final int DEADLINE_S = 600;
  private static final int SAID_CHARACTERS = 4000;

  /** An emulated board on a busy machine finds its card's partitions after minutes, not in 90 s. */
  private static final String PATIENCE =
      " systemd.default_device_timeout_sec=1200 systemd.default_timeout_start_sec=1200";

  private static final List<String> SSH =
      List.of(
          "StrictHostKeyChecking=no",
          "UserKnownHostsFile=/dev/null",
          "LogLevel=ERROR",
          "BatchMode=yes",
          "ConnectTimeout=60");

  private final Board board;
  private final Path card;
  private final Path radio;
  private final Path console;
  private final Path key;
  private final int sshPort = Mosquitto.freePort();
  private volatile Process machine;
  private volatile boolean isOff;
  private String more = "";
  private boolean isBare;

  private Guest(Board board, Path card, Path radio, Path key) throws Exception {
    this.board = board;
    this.card = card;
    this.radio = radio;
    this.key = key;
    console = beside(".console");
    machine = switchedOn();
  }

  /**
   * Switches a board on.
   *
   * @param card an image, which it changes
   * @param radio the pseudo-terminal that its radio is
   * @param key with which it can be logged in to, as {@code pi}
   */
  static Guest on(Board board, Path card, Path radio, Path key) throws Exception {
    return new Guest(board, card, radio, key);
  }

  private Process switchedOn() throws Exception {
    Path kernel = take("kernel8.img");
    Path initramfs = take("initramfs8");
    Path registers = beside(".registers");
    Registers.write(registers);
    Board.Plugged plugged =
        new Board.Plugged(card, take(DEVICES), initramfs, radio.toRealPath(), registers, sshPort);
    board.prepare(plugged);
    if (isBare) {
      Board.startWith("again", initramfs);
    }
    List<String> command = new ArrayList<>(List.of(QEMU));
    Stream.concat(Stream.of(COMMON), board.hardware(plugged).stream())
        .forEach(words -> command.addAll(List.of(words.split(" ", -1))));
    command.addAll(List.of("-chardev", "file,id=console,append=on,path=" + console));
    command.addAll(List.of("-kernel", kernel.toString(), "-initrd", initramfs.toString()));
    String words = Files.readString(take("cmdline.txt")).strip();
    command.addAll(List.of("-append", board.words(words) + PATIENCE + more));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
        .start();
  }

  private Path take(String name) throws Exception {
    Path to = beside("." + name);
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
   * A file of the board's own file system, switched off: as the next start will find it, once the
   * file system's journal was played. Empty if there is none.
   */
  byte[] rootFile(String name) throws Exception {
    Path root = beside(".root");
    Path file = beside(".file");
    Files.deleteIfExists(file);
    Shell.run("dd", "if=" + card, "of=" + root, "bs=1M", "skip=" + ROOT_AT_MIB, "conv=sparse");
    Shell.run("sh", "-c", "e2fsck -fy " + root + " || test $? = 1"); // it has mended something
    Shell.run("debugfs", "-R", "dump " + name + " " + file, root.toString());
    Files.delete(root);
    return Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
  }

  /**
   * What a shell on the board says to a command; fails if it can't be reached or does not like it.
   * Logging in takes an emulated board a minute where it is given little.
   */
  String ssh(String command) throws Exception {
    List<String> words = new ArrayList<>(List.of("ssh", "-i", key.toString()));
    words.addAll(List.of("-p", Integer.toString(sshPort)));
    for (String option : SSH) {
      words.addAll(List.of("-o", option));
    }
    words.addAll(List.of("pi@127.0.0.1", command));
    return Shell.run(words.toArray(String[]::new));
  }

  /** Copies a file onto the board. */
  void put(Path file, String to) throws Exception {
    String text = Files.readString(file).replace("'", "'\\''");
    ssh("printf %s '" + text + "' >" + to);
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

  /** The last that it, or its emulator, has said. */
  String said() throws IOException {
    String said = Files.readString(log()) + console();
    return said.substring(Math.max(0, said.length() - SAID_CHARACTERS));
  }

  /** Where it is, by its console. */
  String lastLine() throws IOException {
    return console().lines().filter(line -> !line.isBlank()).reduce("", (_, line) -> line.strip());
  }

  private Path log() {
    return beside(".qemu");
  }

  private Path beside(String ending) {
    return card.resolveSibling(card.getFileName() + ending);
  }

  /** How long its processor has computed since it was switched on. */
  Duration computed() {
    return machine.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /** Whether it has stopped by itself. */
  boolean hasStopped() {
    return !isOff && !machine.isAlive();
  }

  /** The power is cut. */
  void cut() {
    isOff = true;
    machine.destroyForcibly().onExit().join();
  }

  /** What the kernel is told beside what the card says, from the next start on. */
  void tell(String words) {
    more = " " + words;
  }

  /** From the next start on there is nothing but its node. */
  void bare() {
    isBare = true;
  }

  /** Switches it on again, after it was switched off or cut. */
  void again() throws Exception {
    machine = switchedOn();
    isOff = false;
  }

  /** Shuts it down in order. */
  void shutDown() throws Exception {
    isOff = true;
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
