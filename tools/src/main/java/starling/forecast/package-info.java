/**
 * What a field will do, before it is built: {@code starling.predict}'s arithmetic as text, rows and
 * plots. Behind {@code starling predict}. Imports {@code starling.predict}, {@code
 * starling.query}'s pacing, {@code starling.link}'s profiles and {@code starling.plot}.
 */
@NullMarked
package starling.forecast;

import org.jspecify.annotations.NullMarked;
