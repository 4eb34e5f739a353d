/**
 * The broker inside the gateway, for sites that have none: {@link
 * starling.gateway.broker.EmbeddedBroker}. Imports {@code starling.link.mqtt} and Apache ActiveMQ
 * Artemis.
 */
@NullMarked
package starling.gateway.broker;

import org.jspecify.annotations.NullMarked;
