package starling.flash;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import starling.flash.disk.BootFiles;

/**
 * All that one node's boot partition is given, ready to be written and to be compared with what is
 * there afterwards.
 */
final class Boot {
  private final Map<String, byte[]> files = new LinkedHashMap<>();
  private final Optional<Path> software;
  private final String softwareName;

  private Boot(Payload payload) {
    software = payload.software();
    softwareName = payload.softwareName();
  }

  /** Works out what a partition is given; changes nothing. */
  static Boot of(
      BootFiles partition, Scheme scheme, Settings settings, Payload payload, String instance)
      throws IOException {
    Boot boot = new Boot(payload);
    boolean radio = settings.onBoardRadio();
    boot.files.putAll(payload.small());
    scheme.files(settings, instance).forEach((name, text) -> boot.put(name, text));
    boot.put(BootConfig.CONFIG, BootConfig.config(text(partition, BootConfig.CONFIG), radio));
    // Last: it is what makes the board look at all the rest.
    String cmdline = text(partition, BootConfig.CMDLINE);
    boot.put(BootConfig.CMDLINE, BootConfig.cmdline(cmdline, radio, scheme.kernelWords()));
    return boot;
  }

  private static String text(BootFiles partition, String name) throws IOException {
    return new String(
        partition.read(name).orElseThrow(() -> new IOException("there is no " + name)), UTF_8);
  }

  private void put(String name, String text) {
    files.put(name, text.getBytes(UTF_8));
  }

  /** What is written, for people. */
  List<String> names() {
    return List.copyOf(files.keySet());
  }

  /** How many bytes it all has. */
  long sizeBytes() throws IOException {
    long bytes = files.values().stream().mapToLong(one -> one.length).sum();
    return bytes + (software.isPresent() ? Files.size(software.get()) : 0);
  }

  /** Refuses a partition that has no room for it. */
  void checkRoom(BootFiles partition) throws IOException {
    long free = partition.freeBytes();
    if (sizeBytes() > free) {
      throw new IOException(
          "the boot partition is full: %d MiB are wanted, and %d MiB are free"
              .formatted((sizeBytes() >> 20) + 1, free >> 20));
    }
  }

  /** Writes it; nothing counts before the partition is committed. */
  void write(BootFiles partition) throws IOException {
    if (software.isPresent()) {
      try (InputStream in = Files.newInputStream(software.get())) {
        partition.write(softwareName, in, Files.size(software.get()));
      }
    }
    for (Map.Entry<String, byte[]> one : files.entrySet()) {
      partition.write(one.getKey(), one.getValue());
    }
  }

  /**
   * Compares what a partition holds with what was meant.
   *
   * @throws IOException something is not there as it was written
   */
  void check(BootFiles partition) throws IOException {
    for (Map.Entry<String, byte[]> one : files.entrySet()) {
      try (InputStream in = partition.open(one.getKey())) {
        require(Arrays.equals(in.readAllBytes(), one.getValue()), one.getKey());
      }
    }
    if (software.isPresent()) {
      try (InputStream held = partition.open(softwareName);
          InputStream meant = Files.newInputStream(software.get())) {
        require(Arrays.equals(Payload.digest(held), Payload.digest(meant)), softwareName);
      }
    }
  }

  private static void require(boolean same, String name) throws IOException {
    if (!same) {
      throw new IOException(
          name + " reads back as something else than was written: the card or its reader is bad");
    }
  }
}
