package starling.bench.links;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import starling.model.Member;

/**
 * What published data sets say of links, in cells of at most 64 nodes.
 *
 * @param cells those of the sets that a directory has
 * @param recordings what was lost frame by frame, of sets that say so
 * @param absent files that it has not
 */
public record DataSets(List<Matrix> cells, List<Recording> recordings, List<String> absent) {
  /** No sets at all. */
  public static final DataSets NONE = new DataSets(List.of(), List.of(), List.of());

  private static final int LEAST = 8;
  private static final int ALIKE = 32; // nodes whose links are like the one that was recorded

  private static final List<DataSet> ALL =
      List.of(
          new DataSet(
              "intel-lab/connectivity.txt", lines -> Measurements.shares("intel-lab", lines)),
          new DataSet(
              "smartmesh-k7/evalab_1.k7.gz",
              lines -> Measurements.acknowledged("smartmesh-evalab", lines)),
          new DataSet(
              "smartmesh-k7/smartmarina_2017-09_2017-12.k7.gz",
              lines -> Measurements.acknowledged("smartmesh-marina", lines)),
          new DataSet(
              "iotlab-k7/grenoble_3.k7.gz",
              lines -> Measurements.broadcast("iotlab-grenoble", lines)),
          new DataSet(
              "freifunk-mesh/bielefeld_links.csv",
              lines -> Measurements.links("freifunk-bielefeld", "wifi", lines)),
          new DataSet(
              "freifunk-mesh/leipzig_links.csv",
              lines -> Measurements.links("freifunk-leipzig", "wifi", lines)));

  private static final List<FrameSet> FRAMES =
      List.of(
          new FrameSet(
              "rutgers-orbit/links_noise_-20_-10.csv.gz",
              lines -> Recording.beacons("rutgers-orbit", lines)),
          new FrameSet(
              "lora-saint-eynard/door_uplinks.csv.gz",
              lines -> List.of(Recording.counters("lora-saint-eynard", ALIKE, lines))));

  private record DataSet(String file, Function<Stream<String>, Matrix> reader) {}

  private record FrameSet(String file, Function<Stream<String>, List<Recording>> reader) {}

  /** Reads what is in a directory. */
  public static DataSets in(Path directory) throws IOException {
    List<Matrix> cells = new ArrayList<>();
    List<String> absent = new ArrayList<>();
    for (DataSet set : ALL) {
      Path file = directory.resolve(set.file());
      if (Files.exists(file)) {
        cells.addAll(read(file, set.reader()).cells(Member.SLOTS_MAX, LEAST));
      } else {
        absent.add(set.file());
      }
    }
    List<Recording> recordings = new ArrayList<>();
    for (FrameSet set : FRAMES) {
      Path file = directory.resolve(set.file());
      if (Files.exists(file)) {
        recordings.addAll(read(file, set.reader()));
      } else {
        absent.add(set.file());
      }
    }
    return new DataSets(List.copyOf(cells), List.copyOf(recordings), List.copyOf(absent));
  }

  private static <T> T read(Path file, Function<Stream<String>, T> reader) throws IOException {
    try (InputStream raw = Files.newInputStream(file);
        InputStream plain = file.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw;
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(plain, StandardCharsets.UTF_8))) {
      return reader.apply(lines.lines());
    }
  }
}
