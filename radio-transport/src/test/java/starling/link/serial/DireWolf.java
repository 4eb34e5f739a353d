package starling.link.serial;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Dire Wolf software TNC in a process of its own: 1200 Bd AFSK, KISS on a pseudo-terminal. What
 * it transmits goes, by an ALSA configuration of its own, into a file of samples; what it receives
 * comes in datagrams of samples. An {@link #audioTo audio cable} is a thread that carries one to
 * the other at the pace of a sound card.
 */
final class DireWolf implements AutoCloseable {
  private static final int SAMPLES_A_SECOND = 44_100;
  private static final int BLOCK_MS = 20;
  private static final int BLOCK_BYTES = 2 * SAMPLES_A_SECOND * BLOCK_MS / 1_000;
  private static final Pattern TERMINAL = Pattern.compile("available on (/dev/pts/\\d+)");
  private static final Path SHORTCUT = Path.of("/tmp/kisstnc");

  private final Path samples;
  private final Path log;
  private final int audioPort;
  private final Process process;
  private volatile boolean closed;
  private Thread cable = new Thread(() -> {});

  /** Starts one that has all its files in a directory. */
  DireWolf(Path directory, String name) throws IOException {
    samples = directory.resolve(name + ".raw");
    log = directory.resolve(name + ".log");
    audioPort = freePort();
    Path sound = directory.resolve(name + ".asoundrc");
    Path settings = directory.resolve(name + ".conf");
    Files.writeString(
        sound,
        """
        pcm.nothing { type null }
        pcm.cable { type file slave.pcm nothing file SAMPLES format raw }
        """
            .replace("SAMPLES", samples.toString()));
    Files.writeString(
        settings,
        """
        ADEVICE UDP:PORT cable
        ARATE RATE
        ACHANNELS 1
        CHANNEL 0
        MYCALL N0CALL
        MODEM 1200
        AGWPORT 0
        KISSPORT 0
        """
            .replace("PORT", Integer.toString(audioPort))
            .replace("RATE", Integer.toString(SAMPLES_A_SECOND)));
    ProcessBuilder builder =
        new ProcessBuilder("direwolf", "-t", "0", "-p", "-c", settings.toString())
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().putAll(Map.of("ALSA_CONFIG_PATH", sound.toString()));
    process = builder.start();
  }

  private static int freePort() throws IOException {
    try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Where its KISS terminal is; empty until it has one. */
  String port() throws IOException {
    Matcher found = TERMINAL.matcher(output());
    return found.find() ? found.group(1) : "";
  }

  /** What it has said. */
  String output() throws IOException {
    return Files.readString(log, StandardCharsets.ISO_8859_1); // it shows bytes as they come
  }

  boolean alive() {
    return process.isAlive();
  }

  /** Lets the other hear what this one transmits. */
  void audioTo(DireWolf other) {
    cable = Thread.ofPlatform().name("cable " + samples).daemon().start(() -> carry(other));
  }

  private void carry(DireWolf other) {
    try (RandomAccessFile from = new RandomAccessFile(samples.toFile(), "r");
        DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      long nextNanos = System.nanoTime();
      while (!closed) {
        byte[] block = new byte[BLOCK_BYTES]; // silence, unless there is something
        int available = (int) Math.min(block.length, from.length() - from.getFilePointer()) & ~1;
        from.readFully(block, 0, available);
        socket.send(
            new DatagramPacket(
                block, block.length, InetAddress.getLoopbackAddress(), other.audioPort));
        nextNanos += BLOCK_MS * 1_000_000L;
        TimeUnit.NANOSECONDS.sleep(Math.max(0, nextNanos - System.nanoTime()));
      }
    } catch (IOException e) {
      // The other has ended: nobody hears.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends it and its cable. */
  @Override
  public void close() throws IOException {
    closed = true;
    process.destroy();
    try {
      cable.join(1_000);
      if (!process.waitFor(2, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    if (Files.isSymbolicLink(SHORTCUT)
        && Files.readSymbolicLink(SHORTCUT).equals(Path.of(port()))) {
      Files.delete(SHORTCUT); // the program leaves it behind
    }
  }
}
