package starling.gateway.inquiry;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import starling.model.Delivery;

/**
 * Asks the field through the gateway's own node, for all who ask the gateway. What the node itself
 * may ask costs a part of its share of each medium; here is a bound on how many wait. Safe from any
 * thread.
 */
public final class Inquirer {
  /** How many inquiries are under way at a time; the node has places for four at its socket too. */
  public static final int UNDER_WAY_MAX = 8;

  /** How long an inquiry takes at most. On the slowest radios a far zone takes minutes. */
  public static final int PATIENCE_MAX_SECONDS = 300;

  /** How long if nothing else is said. */
  public static final int PATIENCE_SECONDS = 30;

  /** The node itself says that nobody answered; this is for a node that ends meanwhile. */
  private static final int GRACE_SECONDS = 2;

  /** Who is asked: a node. */
  public interface Source {
    /**
     * Begins to find out.
     *
     * @param zone a zone's path; empty for the root
     * @param query a standing query's name; empty for all
     * @param asker is told once; must not block
     */
    void ask(String zone, String query, long patienceMillis, Consumer<Delivery.Inquired> asker);
  }

  private final Semaphore places = new Semaphore(UNDER_WAY_MAX);
  private volatile Source source =
      (zone, _, _, asker) ->
          asker.accept(
              failed(zone, Delivery.Outcome.UNREADY, "this gateway's node has not started yet"));

  /** From now on this node is asked. */
  public void to(Source node) {
    source = node;
  }

  /**
   * Asks for the rows inside a zone.
   *
   * @param zone its path, such as {@code /orchard/north}; empty for the root
   * @param query a standing query's name; empty for all of them
   * @param seconds when to give up, 1 to {@value #PATIENCE_MAX_SECONDS}
   * @return what came of it; what depends on it must not block
   */
  public CompletableFuture<Delivery.Inquired> ask(String zone, String query, int seconds) {
    if (!places.tryAcquire()) {
      String fault = UNDER_WAY_MAX + " inquiries are under way at this gateway: ask again soon";
      return CompletableFuture.completedFuture(failed(zone, Delivery.Outcome.BUSY, fault));
    }
    CompletableFuture<Delivery.Inquired> answer = new CompletableFuture<>();
    CompletableFuture<Delivery.Inquired> told = answer.whenComplete((_, _) -> places.release());
    source.ask(zone, query, TimeUnit.SECONDS.toMillis(seconds), answer::complete);
    String fault = "this gateway's node did not answer within " + seconds + " s";
    CompletableFuture<Delivery.Inquired> _ =
        answer.completeOnTimeout(
            failed(zone, Delivery.Outcome.UNANSWERED, fault),
            seconds + GRACE_SECONDS,
            TimeUnit.SECONDS);
    return told;
  }

  private static Delivery.Inquired failed(String zone, Delivery.Outcome outcome, String fault) {
    return Delivery.Inquired.failed(0, zone, outcome, fault);
  }
}
