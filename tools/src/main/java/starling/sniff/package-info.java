/**
 * What is on the air, for a person: frames by their header, and decoded where the site's key is at
 * hand. A pure library that reads the bytes as docs/protocol.md has them, apart from what nodes use
 * to read them. May import {@code starling.frame}, {@code .link}, {@code .model} and {@code .wire}.
 */
@NullMarked
package starling.sniff;

import org.jspecify.annotations.NullMarked;
