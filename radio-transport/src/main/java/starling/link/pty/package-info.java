/**
 * Pseudo-terminals of this machine (Linux, glibc): the master side of one ({@link
 * starling.link.pty.Pty}) and waiting for many ({@link starling.link.pty.Poller}). Imports nothing
 * of Starling; needs {@code --enable-native-access}.
 */
@NullMarked
package starling.link.pty;

import org.jspecify.annotations.NullMarked;
