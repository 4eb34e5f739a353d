/**
 * What has been told and not been acknowledged yet, on disk: {@link
 * starling.gateway.outbox.Outbox}. Imports nothing of Starling; SQLite is used here alone.
 */
@NullMarked
package starling.gateway.outbox;

import org.jspecify.annotations.NullMarked;
