package starling.model;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Objects;

/**
 * One line of a cell's roster.
 *
 * @param slot its place, 0 to 63; never given to another key while the old one may still be heard
 * @param key its raw Ed25519 public key, 32 bytes
 * @param name its last path segment, [a-z0-9_-]
 * @param schema the schema of its readings, by number
 * @param senses whether it contributes readings and so counts in {@code expected}
 * @param uplink whether it has the parent zone's medium, and so may represent the cell
 * @param mains whether it has mains power: preferred as a representative
 * @param gateway whether it serves its cell and all ancestors whole
 */
public record Member(
    int slot,
    byte[] key,
    String name,
    int schema,
    boolean senses,
    boolean uplink,
    boolean mains,
    boolean gateway) {
  /** The most members of a cell. */
  public static final int SLOTS_MAX = 64;

  /**
   * Who should represent a cell first: gateways, mains before battery, then by hash of identity.
   */
  public static final Comparator<Member> BY_STANDING =
      Comparator.comparing((Member member) -> !member.gateway)
          .thenComparing(member -> !member.mains)
          .thenComparingLong(member -> Hash.of(member.id().bits()));

  public Member {
    if (slot < 0 || slot >= SLOTS_MAX) {
      throw new IllegalArgumentException("slots are 0 to " + (SLOTS_MAX - 1) + ", not " + slot);
    }
    key = key.clone();
    Names.check(name);
  }

  /** The same node in another place of its roster. */
  public Member at(int otherSlot, String otherName) {
    return new Member(otherSlot, key, otherName, schema, senses, uplink, mains, gateway);
  }

  /** Its identity. */
  public NodeId id() {
    return NodeId.of(key);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Member m
        && slot == m.slot
        && Arrays.equals(key, m.key)
        && name.equals(m.name)
        && schema == m.schema
        && senses == m.senses
        && uplink == m.uplink
        && mains == m.mains
        && gateway == m.gateway;
  }

  @Override
  public int hashCode() {
    return Objects.hash(slot, Arrays.hashCode(key), name, schema, senses, uplink, mains, gateway);
  }
}
