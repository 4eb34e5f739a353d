package starling.simulate;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import starling.engine.Engine;
import starling.engine.SectionType;
import starling.model.NodeId;
import starling.wire.MalformedException;
import starling.wire.WireReader;
import starling.wire.WireWriter;

/**
 * What a node wrote and will find again: which boots it believes, its own and others', in one list
 * for all mates who believe the same, and the other records one after the other in one array, as a
 * hundred thousand disks have to fit.
 *
 * <pre>
 * protocol 1 | key v | length v | value
 * </pre>
 */
final class Disk {
  private static final int HEAD_MAX_BYTES = 1 + 10 + 5;
  private static final int BOOT_BYTES = 4;
  private static final long OWN_KEY = 0; // of the engine's record of its own boot
  private static final byte[] NOTHING = {};

  private final long owner;

  // Never changed, only replaced.
  private byte[] records = NOTHING;
  private List<Boot> boots = List.of(); // by node

  /** A record of the engine's on a node. */
  private record Boot(long node, int generation) {
    byte[] value() {
      return WireWriter.ofSize(BOOT_BYTES).u32(generation & 0xFFFF_FFFFL).toBytes();
    }
  }

  /** An empty disk of the node with this identity. */
  Disk(NodeId owner) {
    this(owner.bits());
  }

  private Disk(long owner) {
    this.owner = owner;
  }

  /** A disk with the same on it. */
  Disk copy() {
    Disk copy = new Disk(owner);
    copy.records = records;
    copy.boots = boots;
    return copy;
  }

  /**
   * Writes a record; the latest of a key wins, an empty one removes it.
   *
   * @param shard whose disks keep equal lists of boots once
   */
  void put(int protocol, long key, byte[] value, Shard shard) {
    if (protocol == SectionType.ENGINE.code() && value.length == BOOT_BYTES) {
      long node = key == OWN_KEY ? owner : key;
      put(shard.one(new Boot(node, ByteBuffer.wrap(value).getInt())));
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
    boots = shard.one(boots); // mates came to know the same one after the other, and write at once
  }

  private void put(Boot boot) {
    List<Boot> more = new ArrayList<>(boots);
    int place = Collections.binarySearch(more, boot, Comparator.comparingLong(Boot::node));
    if (place >= 0) {
      more.set(place, boot);
    } else {
      more.add(-1 - place, boot);
    }
    boots = List.copyOf(more);
  }

  private static void write(WireWriter to, int protocol, long key, byte[] value) {
    to.u8(protocol).varint(key).varint(value.length).bytes(value);
  }

  /** Tells a starting engine all of it. */
  void restore(Engine engine) {
    for (Boot boot : boots) {
      long key = boot.node() == owner ? OWN_KEY : boot.node();
      engine.restore(SectionType.ENGINE.code(), key, boot.value());
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
    return "Disk" + (Arrays.hashCode(records) ^ boots.hashCode());
  }
}
