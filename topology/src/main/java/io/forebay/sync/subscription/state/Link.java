package io.forebay.sync.subscription.state;

/**
 * That a place is followed because of a row.
 *
 * @param by the reason for which the row is followed, by its number at the place where it is
 * @param to the place
 * @param reason why that place is followed
 */
public record Link(int by, NodeKey to, Reason reason) {}
