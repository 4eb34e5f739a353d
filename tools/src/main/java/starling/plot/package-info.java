/**
 * Plots without any library or network: line charts as self-contained SVG, alone or in a page.
 * Writes no files. Imports nothing of Starling.
 */
@NullMarked
package starling.plot;

import org.jspecify.annotations.NullMarked;
