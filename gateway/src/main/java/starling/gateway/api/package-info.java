/**
 * What a gateway tells over HTTP: zones, nodes, queries and events as JSON, and as a stream of
 * server-sent events. {@link starling.gateway.api.Api} answers, {@link
 * starling.gateway.api.Present} holds what there is to tell. Described by {@code openapi.json}
 * beside it. Imports {@code starling.model}, {@code starling.gateway.upstream}'s payloads and
 * {@code starling.gateway.inquiry}.
 */
@NullMarked
package starling.gateway.api;

import org.jspecify.annotations.NullMarked;
