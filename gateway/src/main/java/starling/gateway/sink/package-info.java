/**
 * Databases of others that are told what the history keeps: PostgreSQL, and what takes InfluxDB's
 * line protocol. What they have not taken waits in the history. Imports {@code
 * starling.gateway.history}.
 */
@NullMarked
package starling.gateway.sink;

import org.jspecify.annotations.NullMarked;
