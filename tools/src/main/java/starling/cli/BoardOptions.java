package starling.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import starling.keys.Bundle;
import starling.keys.Enrolment;
import starling.keys.SensorTable;
import starling.keys.SiteDirectory;

/** How a board is to be a node of the site, however it becomes one. */
final class BoardOptions {
  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "The site's directory, with its keys (default: .).")
  private Path directory = Path.of(".");

  @Option(
      names = "--radio",
      paramLabel = "PRESET:PORT",
      description = "Its modem, such as sik-64k:/dev/ttyUSB0.")
  private @Nullable String radio;

  @Option(
      names = "--callsign",
      paramLabel = "SIGN",
      description = "With a TNC on an amateur band: the station's, such as N0CALL-7.")
  private @Nullable String callsign;

  @Option(
      names = "--broker",
      paramLabel = "URL",
      description = "Where it meets others, such as tcp://gateway.local:1883.")
  private @Nullable String broker;

  @Option(
      names = "--broker-ca",
      paramLabel = "FILE",
      description = "Who certifies a broker at mqtts://, PEM (default: whom the system knows).")
  private @Nullable Path brokerCa;

  @Mixin private PlaceOptions place = new PlaceOptions();

  @Option(
      names = "--replace",
      description = "The board that was this node is lost: same place, new identity.")
  private boolean replace;

  Optional<Bundle.Radio> modem() {
    return Optional.ofNullable(radio).map(text -> Bundle.Radio.of(text).station(callsign));
  }

  Optional<String> broker() {
    return Optional.ofNullable(broker);
  }

  Optional<Path> brokerCa() {
    return Optional.ofNullable(brokerCa);
  }

  /** Whether something is said of its place in the charter. */
  boolean differs() {
    return replace || place.mains;
  }

  /** Gives it its place, by the operator's key. */
  Enrolment enrolment(String path, List<SensorTable> sensors) throws IOException {
    Bundle bundle = new Bundle(path, modem(), broker(), brokerCa(), sensors);
    return Enrolment.of(
        new SiteDirectory(directory),
        bundle,
        new Enrolment.Terms(place.schema, place.duties(), replace));
  }
}
