/**
 * What the world outside sees of a site: {@link starling.gateway.upstream.Upstream} publishes what
 * a node tells to an MQTT broker, on the topics and in the shapes that are promised to subscribers.
 * Imports {@code starling.model} and {@code starling.link.mqtt}.
 */
@NullMarked
package starling.gateway.upstream;

import org.jspecify.annotations.NullMarked;
