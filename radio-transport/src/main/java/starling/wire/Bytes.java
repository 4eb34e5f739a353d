package starling.wire;

import java.util.Arrays;

/**
 * Bytes that are equal by what they are; nobody changes them.
 *
 * @param array not copied: it is this one's from now on
 */
@SuppressWarnings("ArrayRecordComponent") // not copied on purpose; equal by content
public record Bytes(byte[] array) {
  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes bytes && Arrays.equals(array, bytes.array);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(array);
  }

  @Override
  public String toString() {
    return array.length + " bytes";
  }
}
