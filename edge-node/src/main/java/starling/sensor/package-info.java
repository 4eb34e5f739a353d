/**
 * Where readings come from: the {@link starling.sensor.Sensor} interface and its drivers, found
 * through {@link java.util.ServiceLoader} by the {@code kind} in the configuration: {@code linux}
 * (the board itself), {@code replay} (recorded readings), {@code bme280} and {@code digital} (Pi4J,
 * behind {@link starling.sensor.bus}). A driver's classes are loaded only when it is configured.
 * Imports nothing of Starling but {@code starling.model}'s values.
 */
@NullMarked
package starling.sensor;

import org.jspecify.annotations.NullMarked;
