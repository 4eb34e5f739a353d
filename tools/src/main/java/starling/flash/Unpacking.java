package starling.flash;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import starling.flash.disk.Compression;
import starling.progress.Progress;

/** An image, packed or not, as it becomes a file that can be changed. */
final class Unpacking {
  private static final int BUFFER_BYTES = 1 << 20;

  private Unpacking() {}

  /**
   * Unpacks an image into a new file, as it is read: neither is ever in memory whole.
   *
   * @throws IOException it ends in the midst, or is damaged; the new file is gone then
   */
  static void unpack(Path image, Path to, Progress progress) throws IOException {
    long total = Files.size(image);
    try (Counted counted = new Counted(Files.newInputStream(image));
        InputStream in = Compression.unpack(counted);
        OutputStream out = Files.newOutputStream(to, StandardOpenOption.CREATE_NEW)) {
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        out.write(buffer, 0, n);
        progress.at("unpacking", Math.min(counted.count, total - 1), total);
      }
    } catch (FileAlreadyExistsException e) {
      throw new IOException(
          to + " is there already: is another flash under way? If not, delete it", e);
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(to);
      throw new IOException(
          "%s can't be unpacked, it is damaged or cut short (%s); download it again, and compare"
                  .formatted(image, e.getMessage())
              + " its SHA-256 with the one that is published",
          e);
    }
    progress.at("unpacking", total, total);
  }

  private static final class Counted extends FilterInputStream {
    private long count;

    Counted(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int one = super.read();
      count += one < 0 ? 0 : 1;
      return one;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int n = super.read(into, offset, length);
      count += Math.max(n, 0);
      return n;
    }
  }
}
