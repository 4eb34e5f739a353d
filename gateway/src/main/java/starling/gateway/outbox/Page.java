package starling.gateway.outbox;

import java.util.List;

/**
 * A few messages, the oldest first.
 *
 * @param entries they
 * @param last where the next page begins; meaningful if there are any
 */
public record Page(List<Entry> entries, long last) {}
