/**
 * The site's one signed, versioned document, in pages: who signs ({@link
 * starling.charter.Operator}), how a page is laid out ({@link starling.charter.PageCodec}), and how
 * pages spread ({@link starling.charter.CharterSpread}). Imports {@code starling.engine}'s
 * interfaces, {@code starling.model}, {@code starling.query} to check standing queries, {@code
 * starling.link}'s presets, {@code starling.wire}.
 */
@NullMarked
package starling.charter;

import org.jspecify.annotations.NullMarked;
