/**
 * How fast a gateway publishes, how late, and what memory it takes ({@link
 * starling.bench.gateway.GatewayBench}), beside a plain MQTT publisher at the same broker. Behind
 * {@code starling bench}. Imports {@code starling.gateway} and {@code starling.bench.footprint}.
 */
@NullMarked
package starling.bench.gateway;

import org.jspecify.annotations.NullMarked;
