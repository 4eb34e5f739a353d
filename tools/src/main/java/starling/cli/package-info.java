/**
 * The command line: one file a verb, which reads options, calls the package that does the work and
 * turns the outcome into an exit status. May import all of Starling; nothing imports it.
 */
@NullMarked
package starling.cli;

import org.jspecify.annotations.NullMarked;
