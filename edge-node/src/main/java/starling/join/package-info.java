/**
 * How a board without a place becomes a node: an invite that the operator signed ({@link
 * starling.join.Invite}), a request that only its holder can make ({@link
 * starling.join.JoinRequest}), the answers to it ({@link starling.join.Answer}), and the desk where
 * requests wait for somebody to decide ({@link starling.join.Desk}). Values and a value machine: no
 * thread, clock, socket or file. Imports {@code starling.charter}'s keys and {@code starling.wire}.
 */
@NullMarked
package starling.join;

import org.jspecify.annotations.NullMarked;
