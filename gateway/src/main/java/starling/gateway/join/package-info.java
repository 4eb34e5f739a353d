/**
 * The desk at the broker where boards ask to join: a gateway has one, and so has an operator who
 * sits at the broker. Imports {@code starling.join} and {@code starling.link.mqtt}.
 */
@NullMarked
package starling.gateway.join;

import org.jspecify.annotations.NullMarked;
