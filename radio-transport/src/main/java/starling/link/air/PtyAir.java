package starling.link.air;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import starling.link.Airtime;
import starling.link.LinkProfile;
import starling.link.pty.Poller;
import starling.link.pty.Pty;
import starling.link.serial.SerialLink;

/**
 * One emulated radio channel in real time: each station is a transparent radio on a serial port,
 * which is a pseudo-terminal. What a station's host writes is packed, waits for the channel, takes
 * its airtime, and comes out at the stations that {@link Air} says receive it.
 *
 * <p>One thread runs it all and sleeps until something is due. Every method may be called from any
 * thread.
 */
public final class PtyAir implements AutoCloseable {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  private static final int READ_BYTES = 4_096;
  private static final int SLEEP_MAX_MS = 10_000;
  private static final long NOISE_STEP_MICROS = 20_000;

  private final Path directory;
  private final Air air;
  private final Poller poller = new Poller();
  private final List<Station> stations = new ArrayList<>();
  private final List<Transmission> onAir = new ArrayList<>();
  private final SplittableRandom random;
  private final Thread thread;
  private final long epochNanos = System.nanoTime();
  private BiConsumer<String, byte[]> capture = (from, packet) -> {};
  private boolean closed;

  /** One radio: its modem, and its port while it is plugged in. */
  private static final class Station {
    final int index;
    final String name;
    final Modem modem;
    @Nullable Pty pty;
    boolean sending;
    long noiseMicros;
    long noiseEndMicros;
    long noiseStepMicros;
    int noiseStepBytes;

    Station(int index, String name, Modem modem) {
      this.index = index;
      this.name = name;
      this.modem = modem;
    }
  }

  /**
   * Opens the channel; it runs until {@link #close}.
   *
   * @param directory where each station's port gets a symbolic link by its name; made if missing
   * @param names of the stations, each a plain file name
   * @param profile its airtime is what a packet takes
   * @param seed of the losses, slots and noise
   * @throws IOException if the machine gives no more pseudo-terminals or the links can't be made
   */
  public static PtyAir open(
      Path directory, List<String> names, LinkProfile profile, Loss loss, long seed)
      throws IOException {
    for (String name : names) {
      if (!NAME.matcher(name).matches()) {
        throw new IllegalArgumentException("a station's name is a plain file name, not " + name);
      }
    }
    if (new HashSet<>(names).size() < names.size()) {
      throw new IllegalArgumentException("two stations have the same name: " + names);
    }
    Files.createDirectories(directory);
    PtyAir opened = new PtyAir(directory, names, profile, loss, seed);
    try {
      for (String name : names) {
        opened.plug(name);
      }
    } catch (IOException e) {
      opened.close();
      throw e;
    }
    opened.thread.start();
    return opened;
  }

  private PtyAir(Path directory, List<String> names, LinkProfile profile, Loss loss, long seed)
      throws IOException {
    this.directory = directory;
    // A profile counts framing as part of a frame's airtime; packets have it on already.
    Airtime ofPacket =
        bytes -> profile.airtime().micros(Math.max(1, bytes - SerialLink.FRAMING_BYTES));
    air = new Air(names.size(), ofPacket, loss, seed);
    random = new SplittableRandom(seed);
    for (String name : names) {
      stations.add(new Station(stations.size(), name, new Modem(true, random.split())));
      air.plug(stations.size() - 1, false);
    }
    thread = Thread.ofPlatform().name("air " + directory).daemon().unstarted(this::run);
  }

  /** The port that a program opens to use the station's radio: a link to the present device. */
  public Path port(String name) {
    return directory.resolve(station(name).name);
  }

  /** Whether stations listen before they talk; at first they do. */
  public synchronized void listenBeforeTalk(boolean listen) {
    stations.forEach(station -> station.modem.listens(listen));
  }

  /** Changes how links lose. */
  public synchronized void loss(Loss next) {
    air.loss(next);
  }

  /** Says whether {@code listener} is in reach of {@code speaker}. */
  public synchronized void hears(String listener, String speaker, boolean inReach) {
    air.hears(station(listener).index, station(speaker).index, inReach);
  }

  /** Pulls a station's radio out: its port is gone, and so is what it was sending. */
  public synchronized void unplug(String name) {
    Station station = station(name);
    if (station.pty != null) {
      station.pty.close();
      station.pty = null;
      station.modem.reset();
      air.plug(station.index, false);
      poller.wake();
    }
  }

  /**
   * Plugs a station's radio in again, as a new device under the same link.
   *
   * @throws IOException if there is none to be had
   */
  public synchronized void plug(String name) throws IOException {
    Station station = station(name);
    if (station.pty == null && !closed) {
      Pty pty = Pty.open();
      station.pty = pty;
      pty.linkAt(directory.resolve(name));
      air.plug(station.index, true);
      poller.wake();
    }
  }

  /**
   * Lets random bytes come out at one station, as from a radio that boots or a bad cable.
   *
   * @param bytesPerSecond at least 1
   */
  public synchronized void noise(String name, int bytesPerSecond, long forMillis) {
    Station station = station(name);
    station.noiseStepMicros = Math.max(NOISE_STEP_MICROS, 1_000_000 / bytesPerSecond);
    station.noiseStepBytes = (int) (bytesPerSecond * station.noiseStepMicros / 1_000_000);
    station.noiseMicros = nowMicros();
    station.noiseEndMicros = station.noiseMicros + forMillis * 1_000;
    poller.wake();
  }

  /** Lets random bytes come out at every station. */
  public synchronized void noise(int bytesPerSecond, long forMillis) {
    stations.forEach(station -> noise(station.name, bytesPerSecond, forMillis));
  }

  /**
   * Hands each packet that somebody received to {@code sink}, with its sender's name, on the
   * channel's own thread; in place of an earlier sink.
   */
  public synchronized void capture(BiConsumer<String, byte[]> sink) {
    capture = sink;
  }

  /** Lets a packet come out at one station, as if somebody had sent it: what was captured, say. */
  public synchronized void replay(byte[] packet, String name) {
    Pty pty = station(name).pty;
    if (pty != null) {
      pty.write(packet);
    }
  }

  /** What happened on the channel so far. */
  public synchronized Air.Counters counters() {
    return air.counters();
  }

  /** Ends the channel and removes every port and link. Idempotent. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      stations.forEach(station -> unplug(station.name));
    }
    poller.close();
    try {
      if (thread != Thread.currentThread()) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    List<Pty> ready = List.of();
    while (true) {
      List<Pty> ptys;
      long sleepMicros;
      synchronized (this) {
        if (closed) {
          return;
        }
        long nowMicros = nowMicros();
        // Each thing happens at its own time, in order: a thread that wakes late must not make
        // stations speak at once that had drawn different slots.
        for (long due = wakeMicros(); due <= nowMicros; due = wakeMicros()) {
          happen(due);
        }
        read(ready, nowMicros);
        ptys = ptys();
        sleepMicros = wakeMicros() - nowMicros;
      }
      long sleepMs = Math.clamp(Math.ceilDiv(sleepMicros, 1_000), 0, SLEEP_MAX_MS);
      ready = poller.await(ptys, (int) sleepMs);
    }
  }

  private void happen(long nowMicros) {
    end(nowMicros);
    stations.forEach(station -> step(station, nowMicros));
  }

  private void read(List<Pty> ready, long nowMicros) {
    byte[] bytes = new byte[READ_BYTES];
    for (Station station : stations) {
      Pty pty = station.pty;
      if (pty != null && ready.contains(pty)) {
        station.modem.take(bytes, Math.max(0, pty.read(bytes, 0)), nowMicros);
      }
    }
  }

  private void end(long nowMicros) {
    for (Transmission ended : List.copyOf(onAir)) {
      if (ended.endMicros() <= nowMicros) {
        onAir.remove(ended);
        Station from = stations.get(ended.station());
        from.sending = false;
        int[] receivers = air.end(ended);
        for (int to : receivers) {
          replay(ended.packet(), stations.get(to).name);
        }
        if (receivers.length > 0) {
          capture.accept(from.name, ended.packet());
        }
      }
    }
  }

  private void step(Station station, long nowMicros) {
    if (station.noiseMicros < station.noiseEndMicros && station.noiseMicros <= nowMicros) {
      byte[] noise = new byte[station.noiseStepBytes];
      random.nextBytes(noise);
      replay(noise, station.name);
      station.noiseMicros += station.noiseStepMicros;
    }
    if (!station.sending) {
      station
          .modem
          .next(nowMicros, air.quietAtMicros(station.index, nowMicros))
          .ifPresent(packet -> {
            onAir.add(air.begin(station.index, nowMicros, packet));
            station.sending = true;
          });
    }
  }

  private List<Pty> ptys() {
    List<Pty> ptys = new ArrayList<>();
    for (Station station : stations) {
      if (station.pty != null) {
        ptys.add(station.pty);
      }
    }
    return ptys;
  }

  private long wakeMicros() {
    long wake = Long.MAX_VALUE / 2;
    for (Transmission each : onAir) {
      wake = Math.min(wake, each.endMicros());
    }
    for (Station station : stations) {
      if (station.noiseMicros < station.noiseEndMicros) {
        wake = Math.min(wake, station.noiseMicros);
      }
      if (!station.sending) {
        wake = Math.min(wake, station.modem.wakeMicros());
      }
    }
    return wake;
  }

  private Station station(String name) {
    for (Station station : stations) {
      if (station.name.equals(name)) {
        return station;
      }
    }
    throw new IllegalArgumentException("no station " + name + " on this channel");
  }

  private long nowMicros() {
    return (System.nanoTime() - epochNanos) / 1_000;
  }
}
