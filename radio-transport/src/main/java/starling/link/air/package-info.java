/**
 * An emulated radio medium: {@link starling.link.air.Air} is the model, with time as an argument;
 * {@link starling.link.air.PtyAir} runs it in real time between pseudo-terminals. Imports {@code
 * starling.link}, {@code .pty}, and of {@code .serial} what its framing costs.
 */
@NullMarked
package starling.link.air;

import org.jspecify.annotations.NullMarked;
