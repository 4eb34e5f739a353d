package starling.flash.disk;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * Writes a tar archive (POSIX.1-1988 "ustar", pax(1)) whose bytes follow from what is put into it:
 * owner root, no times but the one that is given.
 *
 * <pre>
 *   name 100 | mode 8 | uid 8 | gid 8 | size 12 | mtime 12 | checksum 8 | type 1 | link 100
 *   "ustar" 0 "00" | owner 32 | group 32 | device 16 | prefix 155
 * </pre>
 */
public final class Tar implements AutoCloseable {
  private static final int BLOCK = 512;
  private static final int NAME_MAX = 100;
  private static final int PREFIX_MAX = 155;

  private final OutputStream out;
  private final long mtimeSeconds;

  /** Begins an archive whose entries all bear one time. */
  public Tar(OutputStream out, long mtimeSeconds) {
    this.out = out;
    this.mtimeSeconds = mtimeSeconds;
  }

  /** Adds a directory. */
  public void directory(String name, int mode) throws IOException {
    out.write(header(name + "/", mode, 0, '5', ""));
  }

  /** Adds a symbolic link. */
  public void link(String name, String target) throws IOException {
    out.write(header(name, 0777, 0, '2', target));
  }

  /** Adds a file. */
  public void file(String name, int mode, byte[] bytes) throws IOException {
    file(name, mode, new java.io.ByteArrayInputStream(bytes), bytes.length);
  }

  /** Adds a file of so many bytes. */
  public void file(String name, int mode, InputStream from, long sizeBytes) throws IOException {
    out.write(header(name, mode, sizeBytes, '0', ""));
    if (from.transferTo(out) != sizeBytes) {
      throw new IOException(name + " changed while it was read");
    }
    out.write(new byte[(int) (-sizeBytes & BLOCK - 1)]);
  }

  private byte[] header(String name, int mode, long size, char type, String link) {
    byte[] block = new byte[BLOCK];
    int cut = name.length() <= NAME_MAX ? -1 : name.indexOf('/', name.length() - NAME_MAX - 1);
    if (name.length() > NAME_MAX && (cut < 0 || cut > PREFIX_MAX) || link.length() > NAME_MAX) {
      throw new IllegalArgumentException("too long a name for a tar archive: " + name);
    }
    put(block, 0, name.substring(cut + 1));
    put(block, 100, "%07o".formatted(mode));
    put(block, 108, "0000000");
    put(block, 116, "0000000");
    put(block, 124, "%011o".formatted(size));
    put(block, 136, "%011o".formatted(mtimeSeconds));
    Arrays.fill(block, 148, 156, (byte) ' ');
    block[156] = (byte) type;
    put(block, 157, link);
    put(block, 257, "ustar\00000root");
    put(block, 297, "root");
    put(block, 345, name.substring(0, Math.max(cut, 0)));
    int sum = 0;
    for (byte one : block) {
      sum += one & 0xFF;
    }
    put(block, 148, "%06o".formatted(sum));
    block[154] = 0;
    return block;
  }

  private static void put(byte[] block, int at, String text) {
    byte[] bytes = text.getBytes(US_ASCII);
    System.arraycopy(bytes, 0, block, at, bytes.length);
  }

  /** Ends the archive; what it was written to stays open. */
  @Override
  public void close() throws IOException {
    out.write(new byte[2 * BLOCK]);
    out.flush();
  }
}
