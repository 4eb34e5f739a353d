package starling.progress;

/** Is told how far a long piece of work is. */
@FunctionalInterface
public interface Progress {
  /** Nobody looks. */
  Progress NONE = (_, _) -> {};

  /**
   * So far.
   *
   * @param share what is done, 0 to 1
   * @param doing what is done now, in a few words
   */
  void at(double share, String doing);

  /**
   * So far, in bytes.
   *
   * @param done how many of {@code total}
   */
  default void at(String doing, long done, long total) {
    at(total <= 0 ? 1 : (double) done / total, doing);
  }
}
