/** How far long work is, for a person who waits. */
@NullMarked
package starling.progress;

import org.jspecify.annotations.NullMarked;
