package io.forebay.http;

/**
 * One thing wrong with one part of a request.
 *
 * @param field where: a member of the body ({@code user.id}, {@code presences[3].user.id}), a query parameter, a path
 *     parameter or a header
 * @param rule what it has to be, for people
 */
public record FieldProblem(String field, String rule) {}
