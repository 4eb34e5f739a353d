/**
 * Zones, nodes and gateways as Home Assistant's MQTT discovery wants them: {@link
 * starling.gateway.homeassistant.Discovery}. Touches nothing of the world; imports {@code
 * starling.model}.
 */
@NullMarked
package starling.gateway.homeassistant;

import org.jspecify.annotations.NullMarked;
