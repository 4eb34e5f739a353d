package starling.engine;

import org.jspecify.annotations.Nullable;

/**
 * Who a section of a frame belongs to: four bits on the air. An unknown one is skipped by its
 * length.
 */
public enum SectionType {
  /** Asking for introductions. */
  ENGINE(1),
  /** Network time. */
  CLOCK(2),
  /** Pages of the charter. */
  CHARTER(3),
  /** Who is here. */
  MEMBERSHIP(4),
  /** Contributions and results. */
  ZONE(5),
  /** Alarms and commands; not spoken yet. */
  CAST(6),
  /** Raw readings; not spoken yet. */
  ARCHIVE(7),
  /** Acts agreed on; not spoken yet. */
  AGREEMENT(8),
  /** What zones elsewhere consist of, for those who ask. */
  INQUIRY(9);

  private static final @Nullable SectionType[] BY_CODE = new @Nullable SectionType[16];

  static {
    for (SectionType type : values()) {
      BY_CODE[type.code] = type;
    }
  }

  private final int code;

  SectionType(int code) {
    this.code = code;
  }

  /** The four bits. */
  public int code() {
    return code;
  }

  /** Whether it is read also from whom the roster does not have: pages bear a signature. */
  boolean forOutsiders() {
    return this == ENGINE || this == CHARTER;
  }

  static @Nullable SectionType of(int code) {
    return BY_CODE[code & 15];
  }
}
