package starling.link.mqtt;

import java.util.regex.Pattern;

/**
 * One MQTT application message to publish.
 *
 * @param topic without wildcards, 1 to 1024 characters
 * @param payload not touched again by the caller
 * @param qos 0 or 1
 * @param retained whether the broker keeps it for late subscribers
 */
@SuppressWarnings("ArrayRecordComponent") // Handed over, never compared.
public record Message(String topic, byte[] payload, int qos, boolean retained) {
  private static final Pattern TOPIC = Pattern.compile("[^+#\\x00]{1,1024}");

  public Message {
    if (!TOPIC.matcher(topic).matches()) {
      throw new IllegalArgumentException("no topic to publish to: '" + topic + "'");
    }
    if (qos < 0 || qos > 1) {
      throw new IllegalArgumentException("QoS is 0 or 1, not " + qos);
    }
  }
}
