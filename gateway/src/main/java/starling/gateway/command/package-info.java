/**
 * Commands over MQTT: {@code starling/<site>/command/<target>/<verb>} in, a result out. {@link
 * starling.gateway.command.Commands} has the connection and does what is asked, {@link
 * starling.gateway.command.Admission} says what is a command at all. Imports {@code
 * starling.gateway.upstream} and {@code starling.gateway.inquiry}.
 */
@NullMarked
package starling.gateway.command;

import org.jspecify.annotations.NullMarked;
