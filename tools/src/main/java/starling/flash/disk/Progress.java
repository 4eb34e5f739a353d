package starling.flash.disk;

/** Is told how far a long step is. */
@FunctionalInterface
public interface Progress {
  /** Nobody looks. */
  Progress NONE = (_, _, _) -> {};

  /**
   * So far.
   *
   * @param step what is being done, such as "unpacking"
   * @param done how many bytes of {@code total}; all of them is the step's end
   */
  void at(String step, long done, long total);
}
