package starling.keys;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import starling.charter.Draft.Duty;
import starling.join.Invite;
import starling.node.SmallFile;
import starling.wire.MalformedException;

/**
 * A board that is flashed without the operator's key: it has an invite, makes its identity itself,
 * and asks for its place at a broker.
 *
 * @param invite which place
 * @param radio its modem, if it has one
 * @param broker where it asks, and meets others if it has an uplink
 * @param ca who certifies that broker (PEM), if it is nobody that the system knows
 * @param sensors beside the board itself
 */
public record Guest(
    Invite invite,
    Optional<Bundle.Radio> radio,
    String broker,
    Optional<Path> ca,
    List<SensorTable> sensors)
    implements Admission {
  private static final int LABEL_BYTES = 8;

  /**
   * The board for an invite's text.
   *
   * @throws IllegalArgumentException it is no invite, or expired, or the board has no way to ask
   * @throws IOException what certifies the broker can't be read
   */
  public static Guest of(
      String text,
      Optional<Bundle.Radio> radio,
      Optional<String> broker,
      Optional<Path> ca,
      List<SensorTable> sensors,
      Instant now)
      throws IOException {
    try {
      Invite invite = Invite.read(text);
      Instant ends = Instant.ofEpochSecond(invite.card().expiresSeconds());
      if (now.isAfter(ends)) {
        throw new IllegalArgumentException(
            "this invite expired at " + ends + "; ask the operator for another");
      }
      if (broker.isEmpty()) {
        throw new IllegalArgumentException(
            "a board with an invite asks at a broker: say --broker tcp://HOST:1883");
      }
      Guest guest = new Guest(invite, radio, broker.get(), ca, sensors);
      guest.bundle(broker).checkCa();
      return guest;
    } catch (MalformedException e) {
      throw new IllegalArgumentException("the file has " + e.getMessage(), e);
    }
  }

  /** The place that it asks for. */
  public String path() {
    return invite.card().path();
  }

  @Override
  public String label() {
    return HexFormat.of().formatHex(invite.card().key(), 0, LABEL_BYTES);
  }

  @Override
  public void write(Path directory, String state) throws IOException {
    Files.createDirectory(directory, SiteDirectory.OWNER_ONLY);
    SmallFile.createSecret(directory.resolve("invite"), invite.text() + "\n");
    Set<Duty> duties = invite.card().duties();
    boolean meets = radio.isEmpty() || duties.contains(Duty.UPLINK);
    StringBuilder text = new StringBuilder("# invited to be " + path() + "\n[node]\n");
    for (String name : new String[] {"identity", "site_key", "charter"}) {
      String file = name.equals("charter") ? "charter.bin" : name.replace("identity", "node");
      String end = name.equals("charter") ? "" : ".key";
      text.append(name).append(" = ");
      text.append(Bundle.quoted(state + "/" + file.replace("site_key", "site") + end)).append('\n');
    }
    String operator = HexFormat.of().formatHex(invite.card().operator());
    text.append("operator = \"").append(operator).append("\"\n");
    text.append("state = ").append(Bundle.quoted(state)).append("\n\n[join]\n");
    text.append("invite = \"invite\"\nbroker = ").append(Bundle.quoted(broker)).append('\n');
    Bundle bundle = bundle(meets ? Optional.of(broker) : Optional.empty());
    text.append(bundle.caLine());
    bundle.media(text);
    bundle.copyCa(directory);
    SmallFile.createSecret(directory.resolve("node.toml"), text.toString());
  }

  private Bundle bundle(Optional<String> meeting) {
    return new Bundle(path(), radio, meeting, ca, sensors);
  }
}
