package starling.bench;

/** Is told how far a long benchmark is. */
@FunctionalInterface
public interface Progress {
  /**
   * @param share what is done, 0 to 1
   * @param doing what is done now, in a few words
   */
  void at(double share, String doing);
}
