package starling.flash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import starling.Mosquitto;
import starling.Repository;
import starling.link.Presets;
import starling.link.air.Loss;
import starling.link.air.PtyAir;

/** docs/build-a-field-site.md, command by command, with an emulated radio channel. */
class FieldSiteTest {
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```sh\n(.*?)^```$");

  @TempDir Path directory;
  private final int port = Mosquitto.freePort();
  private final List<Process> running = new ArrayList<>();

  @AfterEach
  void stopAll() throws Exception {
    for (Process one : running.reversed()) {
      one.destroy();
      one.waitFor(20, TimeUnit.SECONDS);
    }
  }

  private static List<String> commands() throws IOException {
    List<String> commands = new ArrayList<>();
    Matcher block =
        BLOCK.matcher(Files.readString(Repository.root().resolve("docs/build-a-field-site.md")));
    while (block.find()) {
      block.group(1).lines().forEach(commands::add);
    }
    return commands;
  }

  @Test
  void whatTheGuideSaysMakesASiteThatAnswers() throws Exception {
    prepare();
    List<String> commands = commands();
    assertTrue(commands.size() >= 12, commands.toString());
    try (PtyAir _ =
        PtyAir.open(
            directory.resolve("air"),
            List.of("gate", "n1", "n2"),
            Presets.SIK_64K.profile(),
            Loss.NONE,
            1)) {
      for (String command : commands) {
        carryOut(command);
      }
    }
  }

  private void carryOut(String command) throws Exception {
    // A window is short here, and other programs may have the usual port.
    String here =
        command.replace("--window 60", "--window 4").replace("1883", Integer.toString(port));
    if (here.startsWith("tools/starling gateway")) {
      place("gate", directory.resolve("gate"));
      running.add(start(here, "gateway"));
      await("gateway", "link uplink is up");
      board("n1");
      board("n2");
    } else if (here.startsWith("mosquitto_sub")) {
      String subscribed = here.replace("mosquitto_sub", "mosquitto_sub -p " + port);
      Process client = start(subscribed, "subscriber");
      running.add(client);
      await("subscriber", "starling/orchard/zone/north/climate .*\"reported\":2,\"expected\":2");
    } else {
      Process process = start(here, "command");
      assertTrue(process.waitFor(180, TimeUnit.SECONDS), command);
      assertEquals(0, process.exitValue(), command + "\n" + output("command"));
    }
  }

  /** A board, without the board: what its card has for it, and its radio. */
  private void board(String name) throws Exception {
    Path home = Files.createDirectories(directory.resolve(name));
    Path tar =
        Files.write(
            home.resolve("node.tar"),
            StockImage.read(directory.resolve(name + ".img"), "starling/node.tar"));
    Process unpacked =
        new ProcessBuilder("tar", "-xf", tar.toString(), "-C", home.toString()).inheritIO().start();
    assertEquals(0, unpacked.waitFor());
    place(name, home);
    Path state = Files.createDirectories(home.resolve("state"));
    running.add(
        start(
            "tools/starling node --config "
                + name
                + "/node.toml --node.state="
                + state
                + " --node.status="
                + state.resolve("status.json"),
            name));
  }

  /** Gives a node its place on the emulated channel. */
  private void place(String name, Path home) throws IOException {
    Path file = home.resolve("node.toml");
    String text = Files.readString(file);
    Files.writeString(
        file, text.replace("/dev/ttyUSB0", directory.resolve("air/" + name).toString()));
  }

  private void prepare() throws Exception {
    Path image =
        StockImage.make(directory.resolve("raspios.img"), StockImage.files(Scheme.CLOUD_INIT));
    assertEquals(0, new ProcessBuilder("xz", image.toString()).inheritIO().start().waitFor());
    Path ssh = Files.createDirectories(directory.resolve(".ssh"));
    Files.writeString(
        ssh.resolve("id_ed25519.pub"),
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJdMockKeyForTestsOnlyAAAAAAAAAAAAAAAAAAA me\n");
    Path launcher = Files.createDirectories(directory.resolve("tools")).resolve("starling");
    Files.writeString(
        launcher,
        """
        #!/bin/sh
        verb=$1
        case $verb in
          node) main=starling.node.Main; shift ;;
          gateway) main=starling.gateway.Main; shift ;;
          flash) main=starling.cli.Main; set -- "$@" --no-software ;;
          *) main=starling.cli.Main ;;
        esac
        exec '%s/bin/java' --enable-native-access=ALL-UNNAMED -cp '%s' $main "$@"
        """
            .formatted(System.getProperty("java.home"), System.getProperty("java.class.path")));
    Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Process start(String command, String name) throws IOException {
    ProcessBuilder builder = new ProcessBuilder("sh", "-c", "exec 2>&1; " + exec(command));
    builder.directory(directory.toFile()).environment().put("HOME", directory.toString());
    return builder.redirectOutput(directory.resolve(name + ".log").toFile()).start();
  }

  /** A program that is ended by its process; not so where the shell has something to do. */
  private static String exec(String command) {
    return command.contains(">>") ? command : "exec " + command;
  }

  private String output(String name) throws IOException {
    return Files.readString(directory.resolve(name + ".log"));
  }

  private void await(String name, String pattern) throws Exception {
    Pattern wanted = Pattern.compile(pattern);
    for (int i = 0; i < 1800; i++) {
      if (wanted.matcher(output(name)).find()) {
        return;
      }
      Thread.sleep(100);
    }
    throw new AssertionError(
        pattern + "\n" + output(name) + output("gateway") + output("n1") + output("n2"));
  }
}
