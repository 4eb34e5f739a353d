/**
 * What a gateway shows over HTTP: metrics for Prometheus, and whether it is well. {@link
 * starling.gateway.web.WebServer} is bounded in all that a stranger can make it do. Imports {@code
 * starling.model} and what it shows.
 */
@NullMarked
package starling.gateway.web;

import org.jspecify.annotations.NullMarked;
