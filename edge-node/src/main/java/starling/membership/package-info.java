/**
 * Who is here: promises to speak, what neighbours who used to hear a member say of its silence, in
 * large cells on inboxes whom any of them heard lately, and doubt about one's own ears. Imports
 * {@code starling.engine}'s interfaces and {@code starling.model}.
 */
@NullMarked
package starling.membership;

import org.jspecify.annotations.NullMarked;
