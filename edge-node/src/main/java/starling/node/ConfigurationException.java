package starling.node;

/** A configuration that can't be used: the message says where, why, and what is possible. */
public final class ConfigurationException extends Exception {
  private static final long serialVersionUID = 1;

  public ConfigurationException(String message) {
    super(message);
  }
}
