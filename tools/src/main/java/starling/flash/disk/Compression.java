package starling.flash.disk;

import io.airlift.compress.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import org.tukaani.xz.XZInputStream;

/** How an image is packed, told by its first bytes and not by its name. */
public enum Compression {
  NONE,
  GZIP,
  XZ,
  ZSTD;

  private static final int LOOK_BYTES = 6;

  /** The most memory that unpacking may take, in KiB: xz -9 takes 65 MiB. */
  private static final int XZ_MEMORY_KIB = 160 * 1024;

  private static final int BUFFER_BYTES = 1 << 16;

  /** How these bytes are packed. */
  static Compression of(byte[] first) {
    if (begins(first, 0x1F, 0x8B)) {
      return GZIP;
    }
    if (begins(first, 0xFD, '7', 'z', 'X', 'Z', 0)) {
      return XZ;
    }
    return begins(first, 0x28, 0xB5, 0x2F, 0xFD) ? ZSTD : NONE;
  }

  private static boolean begins(byte[] bytes, int... with) {
    for (int i = 0; i < with.length; i++) {
      if (i >= bytes.length || (bytes[i] & 0xFF) != with[i]) {
        return false;
      }
    }
    return true;
  }

  /** The bytes that a stream holds, unpacked as they come. */
  public static InputStream unpack(InputStream packed) throws IOException {
    BufferedInputStream in = new BufferedInputStream(packed, BUFFER_BYTES);
    in.mark(LOOK_BYTES);
    byte[] first = in.readNBytes(LOOK_BYTES);
    in.reset();
    return switch (of(first)) {
      case NONE -> in;
      case GZIP -> new GZIPInputStream(in, BUFFER_BYTES);
      case XZ -> new XZInputStream(in, XZ_MEMORY_KIB);
      case ZSTD -> new ZstdInputStream(in);
    };
  }

  /** How a file's beginning is packed. */
  public static Compression of(InputStream in) throws IOException {
    return of(in.readNBytes(LOOK_BYTES));
  }
}
