/**
 * A Sparkplug B 3.0 edge node: the site is its group, nodes are its devices, zones' answers its own
 * metrics. Data comes from the history, where it waits while no host is there. Imports {@code
 * starling.gateway.sink} and {@code starling.link.mqtt}.
 */
@NullMarked
package starling.gateway.sparkplug;

import org.jspecify.annotations.NullMarked;
