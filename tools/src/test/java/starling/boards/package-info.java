/**
 * Boards that are flashed as a person does it and run whole, in emulators of theirs, with an
 * emulated air between their radios. Takes minutes: run by {@code tools/verify-boards} alone, as no
 * name here ends in {@code Test}.
 */
@NullMarked
package starling.boards;

import org.jspecify.annotations.NullMarked;
