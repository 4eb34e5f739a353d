package starling.simulate;

import java.nio.ByteBuffer;
import java.util.Arrays;
import starling.engine.Engine;
import starling.engine.SectionType;
import starling.wire.MalformedException;
import starling.wire.WireReader;
import starling.wire.WireWriter;

/**
 * What a node wrote and will find again: which boots of others it believes, one object for all that
 * believe the same, and the other records one after the other in one array, as a hundred thousand
 * disks have to fit.
 *
 * <pre>
 * protocol 1 | key v | length v | value
 * </pre>
 */
final class Disk {
  private static final int HEAD_MAX_BYTES = 1 + 10 + 5;
  private static final int BOOT_BYTES = 4;
  private static final byte[] NOTHING = {};
  private static final Boot[] NONE = {};

  // Never changed, only replaced.
  private byte[] records = NOTHING;
  private Boot[] boots = NONE;

  /** A record of the engine's on a node. */
  private record Boot(long key, int generation) {
    byte[] value() {
      return WireWriter.ofSize(BOOT_BYTES).u32(generation & 0xFFFF_FFFFL).toBytes();
    }
  }

  /** A disk with the same on it. */
  Disk copy() {
    Disk copy = new Disk();
    copy.records = records;
    copy.boots = boots;
    return copy;
  }

  /**
   * Writes a record; the latest of a key wins, an empty one removes it.
   *
   * @param shard whose disks keep equal boots once
   */
  void put(int protocol, long key, byte[] value, Shard shard) {
    if (protocol == SectionType.ENGINE.code() && value.length == BOOT_BYTES) {
      put(shard.one(new Boot(key, ByteBuffer.wrap(value).getInt())));
      return;
    }
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

  private void put(Boot boot) {
    int place = 0;
    while (place < boots.length && boots[place].key() != boot.key()) {
      place++;
    }
    boots = Arrays.copyOf(boots, Math.max(boots.length, place + 1));
    boots[place] = boot;
  }

  private static void write(WireWriter to, int protocol, long key, byte[] value) {
    to.u8(protocol).varint(key).varint(value.length).bytes(value);
  }

  /** Tells a starting engine all of it. */
  void restore(Engine engine) {
    for (Boot boot : boots) {
      engine.restore(SectionType.ENGINE.code(), boot.key(), boot.value());
    }
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
        long key = from.varint();
        reader.record(protocol, key, from.bytes(from.varint(records.length)));
      }
    } catch (MalformedException e) {
      throw new IllegalStateException("a disk holds what was never written to it", e);
    }
  }

  @Override
  public String toString() {
    return "Disk" + (Arrays.hashCode(records) ^ Arrays.hashCode(boots));
  }
}
