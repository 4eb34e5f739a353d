/**
 * Debian packages, as they are installed into a fresh system. Of {@code mvn -Pdeb package}; needs
 * root, as dpkg does.
 */
@NullMarked
package starling.packages;

import org.jspecify.annotations.NullMarked;
