/**
 * Media that carry frames between neighbours: what a {@link starling.link.Link} is, what its medium
 * allows ({@link starling.link.LinkProfile}), and the {@link starling.link.AirtimeLedger} that
 * every byte passes.
 *
 * <p>Imports nothing of Starling. The implementations stand below: {@code .serial} (jSSC), {@code
 * .mqtt} (Paho), {@code .air} (an emulated medium), {@code .pty} (pseudo-terminals).
 */
@NullMarked
package starling.link;

import org.jspecify.annotations.NullMarked;
