/**
 * Queries against recorded readings, without a network: what {@code starling query try} prints.
 * Imports {@code starling.query}, {@code starling.model} and {@code starling.sensor}'s recordings.
 */
@NullMarked
package starling.trial;

import org.jspecify.annotations.NullMarked;
