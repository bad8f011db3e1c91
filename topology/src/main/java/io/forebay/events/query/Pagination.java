package io.forebay.events.query;

/**
 * Where a page by offset is among all that was asked for.
 *
 * @param totalCount events in all
 * @param pageSize events of a page at the most
 * @param pageNumber of this page, from 1
 * @param totalPages at least 1
 */
public record Pagination(
        long totalCount, int pageSize, long pageNumber, long totalPages, boolean hasNext, boolean hasPrev) {

    /** The pagination of a page. */
    public static Pagination of(long total, int limit, long offset) {
        return new Pagination(
                total,
                limit,
                offset / limit + 1,
                Math.max(1, (total + limit - 1) / limit),
                offset + limit < total,
                offset > 0);
    }

    /** As a JSON object. */
    public String toJson() {
        return "{\"total_count\":" + totalCount + ",\"page_size\":" + pageSize + ",\"page_number\":" + pageNumber
                + ",\"total_pages\":" + totalPages + ",\"has_next\":" + hasNext + ",\"has_prev\":" + hasPrev + "}";
    }
}
