/**
 * A whole field site on this machine: lays out a site, starts its programs over emulated air,
 * listens to the gateway as any subscriber would, shows what it hears and checks it against the
 * recording. Imports the modules below for keys, charters, air and recordings; only {@code
 * starling.cli} imports it.
 */
@NullMarked
package starling.demo;

import org.jspecify.annotations.NullMarked;
