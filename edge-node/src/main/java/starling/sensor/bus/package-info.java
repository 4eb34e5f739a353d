/**
 * What drivers of attached devices need of a board: registers on an I²C bus and digital inputs. One
 * class knows Pi4J, {@link starling.sensor.bus.Pi4jBus}; it is loaded when the first device is
 * opened, and another library is another {@link starling.sensor.bus.Bus}. Imports nothing of
 * Starling.
 */
@NullMarked
package starling.sensor.bus;

import org.jspecify.annotations.NullMarked;
