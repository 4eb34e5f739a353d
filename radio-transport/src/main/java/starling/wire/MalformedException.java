package starling.wire;

/** Bytes that don't say what their layout promises. Whoever throws it has changed nothing. */
public final class MalformedException extends Exception {
  private static final long serialVersionUID = 1;

  public MalformedException(String what) {
    super(
        what, null, false, false); // thrown by hostile input at its leisure: no stack trace to fill
  }
}
