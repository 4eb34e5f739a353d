package starling.flash.push;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import starling.progress.Progress;

/**
 * A machine that is reached with the system's {@code ssh}, as its user reaches it: with the keys,
 * agent, known hosts, jump hosts and names of their own configuration. It asks for nothing: who may
 * not log in with a key may not.
 *
 * @param host as ssh takes it, such as {@code pi@north-n17.local}
 * @param options each as behind {@code ssh -o}
 */
public record Ssh(String host, List<String> options) {
  private static final int OUTPUT_MAX_BYTES = 64 << 10;

  public Ssh {
    if (host.isEmpty() || host.startsWith("-") || host.chars().anyMatch(Character::isWhitespace)) {
      throw new IllegalArgumentException(
          "a board is named as ssh names it, such as pi@north-n17.local, not '" + host + "'");
    }
    options = List.copyOf(options);
  }

  /** Runs a command there, and answers its output. */
  String run(String command) throws IOException, InterruptedException {
    Process process = start(command);
    process.getOutputStream().close();
    return end(process, command);
  }

  /** Writes a file there, for its owner alone. */
  void put(Path file, String to, Progress progress) throws IOException, InterruptedException {
    Process process = start("umask 077; cat > '" + to + "'");
    long total = Files.size(file);
    long done = 0;
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file);
        OutputStream out = process.getOutputStream()) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        out.write(buffer, 0, n);
        done += n;
        progress.at("sending", Math.min(done, total - 1), total);
      }
    } catch (IOException e) {
      // its own words are better: end() has them
    }
    end(process, "cat");
    progress.at("sending", total, total);
  }

  private Process start(String command) throws IOException {
    List<String> words = new ArrayList<>(List.of("ssh", "-o", "BatchMode=yes"));
    for (String option : options) {
      words.add("-o");
      words.add(option);
    }
    words.addAll(List.of("-o", "ConnectTimeout=15", "--", host, command));
    try {
      return new ProcessBuilder(words).start();
    } catch (IOException e) {
      throw new IOException("there is no ssh here; install it: apt install openssh-client", e);
    }
  }

  private String end(Process process, String what) throws IOException, InterruptedException {
    CompletableFuture<String> errors =
        CompletableFuture.supplyAsync(() -> text(process.getErrorStream()));
    String output = text(process.getInputStream());
    int status = process.waitFor();
    String said = errors.join().strip();
    if (status == 255) {
      throw new IOException(host + " is not reached: " + (said.isEmpty() ? "ssh ended" : said));
    }
    if (status != 0) {
      throw new IOException(host + ": " + (said.isEmpty() ? what + " ended with " + status : said));
    }
    return output;
  }

  private static String text(InputStream from) {
    try (from) {
      String text = new String(from.readNBytes(OUTPUT_MAX_BYTES), UTF_8);
      from.transferTo(OutputStream.nullOutputStream());
      return text;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
