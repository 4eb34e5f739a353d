/**
 * Module {@code gateway}: a node that also speaks outside. This package is the program and its
 * wiring; {@code .broker} is the embedded MQTT broker, {@code .upstream} what is published to it or
 * to any other. Imports {@code starling.node} and its own packages below.
 */
@NullMarked
package starling.gateway;

import org.jspecify.annotations.NullMarked;
