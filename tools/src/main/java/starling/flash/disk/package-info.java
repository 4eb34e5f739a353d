/**
 * What is on a disk, read and changed without an operating system's help: partition tables, FAT
 * volumes, compressed images. No mount, no root, no loop device; the same on every system. All of
 * it is taken for damaged or hostile until it was checked. Imports nothing of Starling.
 */
@NullMarked
package starling.flash.disk;

import org.jspecify.annotations.NullMarked;
