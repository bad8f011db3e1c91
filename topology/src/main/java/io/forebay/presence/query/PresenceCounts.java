package io.forebay.presence.query;

import java.util.Map;

/**
 * Number of presences of a guild.
 *
 * @param total all of them
 * @param statuses by status: {@code online}, {@code idle}, {@code dnd}, {@code offline}, {@code other}, {@code none};
 *     those without any are left out
 * @param pending presences of bulk writes that are on their way: staged, or visible and not carried over yet
 */
public record PresenceCounts(long total, Map<String, Long> statuses, long pending) {}
