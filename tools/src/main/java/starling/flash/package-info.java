/**
 * Makes a stock image, a card or a mounted boot partition start as a node of a site: looks which
 * first-boot scheme it has, writes what that one reads, and reads it back. Behind {@code starling
 * flash}. Imports {@code starling.flash.disk} for images and cards, and {@code starling.keys} for
 * what the node is given.
 */
@NullMarked
package starling.flash;

import org.jspecify.annotations.NullMarked;
