/**
 * What all boards of a site run, as one archive: a Java runtime for arm64, the node's jars and its
 * class cache, and what systemd and udev must know. Made once for each state of the programs, and
 * kept. Imports {@code starling.flash.disk} for the archive.
 */
@NullMarked
package starling.flash.software;

import org.jspecify.annotations.NullMarked;
