package starling.query;

import java.util.Optional;
import starling.model.Schema;

/**
 * One node's contribution to a window, as a query sees it.
 *
 * @param steps by the schema's channels, in steps of each one's resolution
 * @param presentBits bit i says that channel i was measured
 * @param origin where the roster is at hand; else nothing is known of the node
 */
record Sample(Schema schema, long[] steps, long presentBits, Optional<Origin> origin) {}
