package starling.simulate;

import java.util.Arrays;
import starling.engine.Engine;
import starling.wire.MalformedException;
import starling.wire.WireReader;
import starling.wire.WireWriter;

/**
 * What a node wrote and will find again: records one after the other in one array, as a hundred
 * thousand disks have to fit.
 *
 * <pre>
 * protocol 1 | key 8 | length v | value
 * </pre>
 */
final class Disk {
  private static final int HEAD_MAX_BYTES = 1 + 8 + 5;
  private byte[] records = {};

  /** A disk with the same on it. */
  Disk copy() {
    Disk copy = new Disk();
    copy.records = records; // never changed, only replaced
    return copy;
  }

  /** Writes a record; the latest of a key wins, an empty one removes it. */
  void put(int protocol, long key, byte[] value) {
    WireWriter to = WireWriter.ofSize(records.length + HEAD_MAX_BYTES + value.length);
    each((otherProtocol, otherKey, other) -> {
      if (otherProtocol != protocol || otherKey != key) {
        write(to, otherProtocol, otherKey, other);
      }
    });
    if (value.length > 0) {
      write(to, protocol, key, value);
    }
    records = to.toBytes();
  }

  private static void write(WireWriter to, int protocol, long key, byte[] value) {
    to.u8(protocol).u64(key).varint(value.length).bytes(value);
  }

  /** Tells a starting engine all of it. */
  void restore(Engine engine) {
    each(engine::restore);
  }

  private interface Reader {
    void record(int protocol, long key, byte[] value);
  }

  private void each(Reader reader) {
    try {
      WireReader from = new WireReader(records);
      while (from.remaining() > 0) {
        int protocol = from.u8();
        long key = from.u64();
        reader.record(protocol, key, from.bytes(from.varint(records.length)));
      }
    } catch (MalformedException e) {
      throw new IllegalStateException("a disk holds what was never written to it", e);
    }
  }

  @Override
  public String toString() {
    return "Disk" + Arrays.hashCode(records);
  }
}
