package starling.flash.software;

import java.nio.file.Path;
import java.util.Optional;
import starling.link.Address;
import starling.link.AirtimeLedger;
import starling.link.Link;
import starling.link.Presets;
import starling.link.Purpose;
import starling.link.Reception;
import starling.link.serial.SerialLink;

/** A board of its own: says each frame that it hears again, backwards, until its input ends. */
final class SerialEcho {
  private SerialEcho() {}

  /** Runs on the port that is named. */
  public static void main(String[] args) throws Exception {
    AirtimeLedger ledger = new AirtimeLedger(Presets.SIK_64K.profile());
    try (SerialLink link =
        new SerialLink(Path.of(args[0]).toString(), 57_600, Presets.SIK_64K.profile())) {
      link.open(new Echo(link, ledger));
      while (System.in.read() >= 0) {}
    }
  }

  private record Echo(SerialLink link, AirtimeLedger ledger) implements Link.Listener {
    @Override
    public void heard(byte[] frame, Reception reception, long heardNanos) {
      byte[] answer = new byte[frame.length];
      for (int i = 0; i < answer.length; i++) {
        answer[i] = frame[answer.length - 1 - i];
      }
      Optional<AirtimeLedger.Permit> permit =
          ledger.reserve(answer.length, Purpose.NEWS, System.nanoTime());
      permit.ifPresent(given -> link.send(1, Address.ALL, given, answer));
    }

    @Override
    public void left(long frameId, boolean left) {}

    @Override
    public void state(boolean up, String reason) {
      if (up) {
        System.out.println(System.getProperty("os.arch") + " is up");
      }
    }
  }
}
