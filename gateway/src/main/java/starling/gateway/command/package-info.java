/**
 * Commands over MQTT: {@code starling/<site>/command/<target>/<verb>} in, a result out. {@link
 * starling.gateway.command.Commands} has the connection, {@link starling.gateway.command.Admission}
 * says what is a command at all, and {@link starling.gateway.command.Execution} does it. Imports
 * {@code starling.gateway.upstream} and {@code starling.gateway.inquiry}.
 */
@NullMarked
package starling.gateway.command;

import org.jspecify.annotations.NullMarked;
