package starling.gateway.command;

import java.util.concurrent.TimeUnit;

/** How often something may be in a minute: as often at once, then evenly. */
final class Allowance {
  private final int perMinute;
  private final double perNano;
  private double left;
  private long sinceNanos;

  /** All of it left. */
  Allowance(int perMinute, long nowNanos) {
    this.perMinute = perMinute;
    this.perNano = (double) perMinute / TimeUnit.MINUTES.toNanos(1);
    this.left = perMinute;
    this.sinceNanos = nowNanos;
  }

  /** Whether it may be once more now; if so it has been. */
  boolean take(long nowNanos) {
    left = Math.min(perMinute, left + (nowNanos - sinceNanos) * perNano);
    sinceNanos = nowNanos;
    if (left < 1) {
      return false;
    }
    left--;
    return true;
  }
}
