package starling.sniff;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import starling.frame.FrameHeader;
import starling.frame.Introduction;
import starling.frame.Keyring;
import starling.frame.Opened;
import starling.frame.Opener;
import starling.link.Reception;
import starling.model.Charter;
import starling.wire.MalformedException;
import starling.wire.WireReader;

/**
 * Takes frames apart that were heard on one medium. It says nothing, so it can't ask anybody for an
 * introduction: a sender's frames are opened from its next introduction on, within 32 frames.
 */
public final class Sniffer {
  private final Charter charter;
  private final boolean keyed;
  private final Opener opener;
  private final Sections sections;

  /**
   * A sniffer that has heard nothing yet.
   *
   * @param keyring the site's keys, or none
   * @param charter names of cells and nodes, as far as it has them
   * @param link the medium's number, by which keys are derived
   */
  public Sniffer(Optional<Keyring> keyring, Charter charter, int link) {
    this.charter = charter;
    this.keyed = keyring.isPresent();
    this.opener = new Opener(keyring.orElseGet(Keyring::new), link, new Roster());
    this.sections = new Sections(charter);
  }

  /** Who may speak from where, by the charter; a listener knows of no earlier boots. */
  private final class Roster implements Opener.Knowledge {
    @Override
    public OptionalLong nodeAt(int cell, int slot) {
      return charter.cell(cell).flatMap(page -> page.member(slot)).stream()
          .mapToLong(member -> member.id().bits())
          .findFirst();
    }

    @Override
    public long generationFloor(long node) {
      return 0;
    }
  }

  /**
   * Takes a frame apart.
   *
   * @param frame any bytes; they are changed
   * @param atMillis when it was heard, Unix time
   */
  public Sniffed sniff(byte[] frame, Reception reception, long atMillis) {
    Optional<Introduction> introduction = introduction(frame);
    return switch (opener.open(frame)) {
      case Opened.Noise noise ->
          new Sniffed(
              atMillis,
              frame.length,
              reception,
              Optional.empty(),
              "",
              Optional.empty(),
              Sniffed.State.NOISE,
              noise.text(),
              List.of());
      case Opened.Refused refused ->
          of(
              frame,
              reception,
              atMillis,
              refused.header(),
              introduction,
              state(refused.reason()),
              keyed ? refused.text() : "",
              List.of());
      case Opened.Frame opened ->
          of(
              frame,
              reception,
              atMillis,
              opened.header(),
              introduction,
              Sniffed.State.OPENED,
              "",
              sections.of(opened.reader(), atMillis));
    };
  }

  private Sniffed of(
      byte[] frame,
      Reception reception,
      long atMillis,
      FrameHeader header,
      Optional<Introduction> introduction,
      Sniffed.State state,
      String remark,
      List<Sniffed.Part> parts) {
    return new Sniffed(
        atMillis,
        frame.length,
        reception,
        Optional.of(header),
        name(header.cell(), header.slot()),
        introduction.filter(_ -> header.introduces()),
        state,
        remark,
        parts);
  }

  private Sniffed.State state(Opened.Reason reason) {
    return switch (reason) {
      case EPOCH, STRANGER -> Sniffed.State.SEALED;
      case TAG, REPLAY, OLD_BOOT, TWIN, ROSTER -> Sniffed.State.REFUSED;
    };
  }

  /** What stands in clear behind a header, if that says that it does. */
  private static Optional<Introduction> introduction(byte[] frame) {
    try {
      WireReader from = new WireReader(frame);
      from.bytes(FrameHeader.BYTES);
      long node = from.u64();
      long generation = from.u32();
      int salt = (int) from.u32();
      return generation == 0
          ? Optional.empty()
          : Optional.of(new Introduction(node, generation, salt));
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }

  private String name(int cell, int slot) {
    Optional<String> path = charter.path(cell);
    return charter
        .cell(cell)
        .flatMap(page -> page.member(slot))
        .map(member -> path.orElse("") + "/" + member.name())
        .orElseGet(() -> path.orElse("cell " + cell) + " slot " + slot);
  }
}
