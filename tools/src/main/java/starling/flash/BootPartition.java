package starling.flash;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.util.Locale;
import starling.flash.disk.BootFiles;
import starling.flash.disk.Compression;
import starling.flash.disk.Fat;
import starling.flash.disk.Folder;
import starling.flash.disk.PartitionTable;
import starling.flash.disk.Region;

/** A boot partition within reach: in an image, or in the folder where the system has mounted it. */
final class BootPartition implements Closeable {
  private final BootFiles files;
  private final Closeable opened;

  private BootPartition(BootFiles files, Closeable opened) {
    this.files = files;
    this.opened = opened;
  }

  /**
   * Opens an image to be changed, or a folder.
   *
   * @param now what new files are dated
   * @throws IOException it is neither, or damaged: what it is instead
   */
  static BootPartition open(Path target, LocalDateTime now) throws IOException {
    if (Files.isDirectory(target)) {
      Folder folder = new Folder(target);
      return new BootPartition(folder, folder);
    }
    refusePacked(target);
    FileChannel channel =
        FileChannel.open(target, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      Region disk = Region.of(channel);
      PartitionTable.Partition boot = PartitionTable.read(disk).boot();
      return new BootPartition(
          Fat.open(disk.part(boot.startBytes(), boot.sizeBytes()), now), channel);
    } catch (IOException e) {
      channel.close();
      throw new IOException(target + ": " + e.getMessage(), e);
    }
  }

  private static void refusePacked(Path target) throws IOException {
    try (var in = Files.newInputStream(target)) {
      Compression packed = Compression.of(in);
      if (packed != Compression.NONE) {
        throw new IOException(
            target
                + " is compressed ("
                + packed.name().toLowerCase(Locale.ROOT)
                + "), so it can't be changed where it is; say where the node's image goes: starling"
                + " flash NODE.img --image "
                + target);
      }
    }
  }

  BootFiles files() {
    return files;
  }

  @Override
  public void close() throws IOException {
    opened.close();
  }
}
