package starling.model;

import java.util.List;
import java.util.OptionalInt;

/**
 * What a node's readings consist of, numbered by the charter so that a row on the air needs no
 * names.
 *
 * @param number 0 to 15
 * @param channels 1 to 16, in the order of a row's values
 */
public record Schema(int number, List<Channel> channels) {
  /** The most channels in a schema. */
  public static final int CHANNELS_MAX = 16;

  public Schema {
    channels = List.copyOf(channels);
    if (number < 0 || number > 15) {
      throw new IllegalArgumentException("schema numbers are 0 to 15, not " + number);
    }
    if (channels.isEmpty() || channels.size() > CHANNELS_MAX) {
      throw new IllegalArgumentException("a schema has 1 to 16 channels, not " + channels.size());
    }
    if (channels.stream().map(Channel::name).distinct().count() != channels.size()) {
      throw new IllegalArgumentException("a schema's channels have different names");
    }
  }

  /** The position of the channel with this name. */
  public OptionalInt indexOf(String channel) {
    for (int i = 0; i < channels.size(); i++) {
      if (channels.get(i).name().equals(channel)) {
        return OptionalInt.of(i);
      }
    }
    return OptionalInt.empty();
  }
}
