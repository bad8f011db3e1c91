package io.forebay.http;

import java.util.concurrent.CompletableFuture;

/** Gives stream tickets to callers that have shown a token. */
final class TicketResource implements Resource {
    private final StreamTickets tickets;

    TicketResource(StreamTickets tickets) {
        this.tickets = tickets;
    }

    @Override
    public void register(Routes routes) {
        routes.add(Route.of("POST", "/v1/stream-tickets", request -> {
            StreamTickets.Ticket ticket = tickets.issue(request.claims());
            String body = "{\"ticket\":\"" + ticket.value() + "\",\"expires_at\":\"" + ticket.expiresAt() + "\"}";
            return CompletableFuture.completedFuture(Response.json(201, body));
        }));
    }
}
