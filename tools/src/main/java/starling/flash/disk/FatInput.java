package starling.flash.disk;

import java.io.IOException;
import java.io.InputStream;

/** The bytes of one file on a FAT volume, cluster by cluster. */
final class FatInput extends InputStream {
  private final Region volume;
  private final FatLayout layout;
  private final int[] chain;
  private final long sizeBytes;
  private byte[] held = new byte[0];
  private long at;

  FatInput(Region volume, FatLayout layout, int[] chain, long sizeBytes) {
    this.volume = volume;
    this.layout = layout;
    this.chain = chain;
    this.sizeBytes = sizeBytes;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] into, int offset, int count) throws IOException {
    if (at >= sizeBytes) {
      return -1;
    }
    int within = (int) (at % layout.clusterBytes());
    if (within == 0) {
      int cluster = chain[(int) (at / layout.clusterBytes())];
      held = volume.read(layout.clusterAt(cluster), layout.clusterBytes());
    }
    int given = (int) Math.min(Math.min(count, held.length - within), sizeBytes - at);
    System.arraycopy(held, within, into, offset, given);
    at += given;
    return given;
  }
}
