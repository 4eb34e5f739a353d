package starling.link.mqtt;

/**
 * One MQTT application message to publish.
 *
 * @param topic without wildcards
 * @param payload not touched again by the caller
 * @param qos 0 or 1
 * @param retained whether the broker keeps it for late subscribers
 */
@SuppressWarnings("ArrayRecordComponent") // Handed over, never compared.
public record Message(String topic, byte[] payload, int qos, boolean retained) {
  public Message {
    if (qos < 0 || qos > 1) {
      throw new IllegalArgumentException("QoS is 0 or 1, not " + qos);
    }
  }
}
