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
  private final Opener opener;

  Eavesdropper(LinkProfile medium) {
    opener = new Opener(VirtualSite.keyring(), medium.keyNumber(), Opener.Knowledge.NONE);
  }

  /** Whether a frame has a section of a type; no for one whose sender never introduced itself. */
  boolean hears(SectionType type, byte[] frame) {
    if (!(opener.open(frame.clone()) instanceof Opened.Frame opened)) {
      return false;
    }
    try {
      boolean found = false;
      WireReader from = new WireReader(opened.sections());
      while (from.remaining() > 0) {
        int first = from.u8();
        found |= first >>> 4 == type.code();
        from.bytes((first & 1 << 3) != 0 ? from.remaining() : from.u8());
      }
      return found;
    } catch (MalformedException e) {
      return false;
    }
  }
}
