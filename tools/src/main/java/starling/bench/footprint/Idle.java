package starling.bench.footprint;

import java.io.IOException;
import java.io.OutputStream;

/** A Java program that does nothing until standard input ends: what any JVM costs. */
final class Idle {
  private Idle() {}

  /** Waits. */
  public static void main(String[] args) throws IOException {
    System.in.transferTo(OutputStream.nullOutputStream());
  }
}
