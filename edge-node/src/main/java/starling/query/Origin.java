package starling.query;

/**
 * Who contributes, as the roster has it.
 *
 * @param cell its cell's zone id
 * @param slot its place there
 * @param path its cell's path: {@code /orchard/north}
 * @param name its last path segment
 * @param mains whether it has mains power
 * @param uplink whether it has the uplink's medium
 */
public record Origin(int cell, int slot, String path, String name, boolean mains, boolean uplink) {}
