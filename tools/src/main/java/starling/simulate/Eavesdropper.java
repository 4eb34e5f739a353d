package starling.simulate;

import starling.engine.SectionType;
import starling.frame.Opened;
import starling.frame.Opener;
import starling.link.LinkProfile;
import starling.wire.MalformedException;
import starling.wire.WireReader;

/**
 * Listens to a medium with the site's key, as any member could, and tells what frames are about.
 */
final class Eavesdropper {
  private static final int KINDS = 7;

  private final Opener opener;

  Eavesdropper(LinkProfile medium) {
    opener = new Opener(VirtualSite.keyring(), medium.keyNumber(), Opener.Knowledge.NONE);
  }

  /**
   * Which kinds of sections of a type a frame has, as bits; none for one whose sender never
   * introduced itself. A frame is heard once.
   */
  int kinds(SectionType type, byte[] frame) {
    if (!(opener.open(frame.clone()) instanceof Opened.Frame opened)) {
      return 0;
    }
    try {
      int kinds = 0;
      WireReader from = new WireReader(opened.sections());
      while (from.remaining() > 0) {
        int first = from.u8();
        kinds |= first >>> 4 == type.code() ? 1 << (first & KINDS) : 0;
        from.bytes((first & 1 << 3) != 0 ? from.remaining() : from.u8());
      }
      return kinds;
    } catch (MalformedException e) {
      return 0;
    }
  }
}
