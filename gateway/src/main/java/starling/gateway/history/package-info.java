/**
 * What the field has said, for as long as there is room: numbers of zones' answers and nodes'
 * readings in SQLite, coarser with age. {@link starling.gateway.history.History} keeps, {@link
 * starling.gateway.history.Reading} reads, also from another process. Imports {@code
 * starling.model}.
 */
@NullMarked
package starling.gateway.history;

import org.jspecify.annotations.NullMarked;
