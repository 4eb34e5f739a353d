/**
 * Neighbours over any MQTT 3.1.1 broker: {@link starling.link.mqtt.MqttLink} gives each node an
 * inbox topic. Below it {@link starling.link.mqtt.BrokerSession} keeps one client (Paho mqttv3)
 * connected to one broker, for whoever speaks MQTT.
 *
 * <p>Imports {@code starling.link} and Paho.
 */
@NullMarked
package starling.link.mqtt;

import org.jspecify.annotations.NullMarked;
