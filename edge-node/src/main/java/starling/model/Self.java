package starling.model;

/**
 * Which node this is, in this boot.
 *
 * @param id from its key
 * @param cell its cell's zone id
 * @param slot its place in the cell's roster
 * @param generation counts its boots
 */
public record Self(NodeId id, int cell, int slot, long generation) {}
