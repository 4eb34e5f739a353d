/**
 * The value machine. In: a frame, a local write, the time. Out: effects (send, deliver, persist).
 * It has no thread, clock, socket or file, and its randomness is a constructor argument, so one
 * seed replays a whole network.
 *
 * <p>It owns what all protocols share: rounds, budgets, neighbours' introductions, and the one
 * frame that each protocol fills its share of. What a protocol is, {@link starling.engine.Protocol}
 * says; what it may know of others reaches it as {@link starling.model.Facts}. Imports {@code
 * starling.model}, {@code starling.frame}, {@code starling.wire}, {@code starling.link}'s profiles
 * and ledger.
 */
@NullMarked
package starling.engine;

import org.jspecify.annotations.NullMarked;
