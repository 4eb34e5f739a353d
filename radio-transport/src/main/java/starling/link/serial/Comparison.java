package starling.link.serial;

/**
 * One setting of a modem, as it was found, as it should be and as it is now; in words.
 *
 * @param setting its name
 * @param was what the modem had
 * @param asked what the preset wants
 * @param is what it has now: the same as before unless it was set
 */
public record Comparison(String setting, String was, String asked, String is) {
  /** Whether it is as asked. */
  public boolean holds() {
    return is.equals(asked);
  }

  /** Whether it is another than it was. */
  public boolean changed() {
    return !is.equals(was);
  }
}
