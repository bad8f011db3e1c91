package io.forebay.cache.loader.http;

import io.forebay.cache.loader.LoadFailedException;
import io.forebay.cache.loader.LoadFailedException.Reason;
import java.util.List;
import org.greenbytes.http.sfv.ParseException;
import org.greenbytes.http.sfv.Parser;
import org.greenbytes.http.sfv.StringItem;

/**
 * The header by which an origin says in which groups its answer is (RFC 9875, section 2), which are the entry's tags. It is a
 * list of strings as structured fields have it: {@code Cache-Groups: "author-7", "drafts"}.
 *
 * <p>A header that cannot be read would be ignored by a cache that takes groups for an optimisation. Here an entry without
 * its tags would outlive what should have invalidated it, so the load fails.
 */
final class CacheGroups {
    static final String NAME = "Cache-Groups";

    private CacheGroups() {}

    /** The groups that the fields of an answer name. */
    static List<String> parse(List<String> fields) {
        if (fields.isEmpty()) {
            return List.of();
        }
        try {
            return new Parser(fields)
                    .parseList().get().stream().map(CacheGroups::group).toList();
        } catch (ParseException e) {
            throw unreadable();
        }
    }

    private static String group(Object member) {
        if (member instanceof StringItem group) {
            return group.get();
        }
        throw unreadable();
    }

    private static LoadFailedException unreadable() {
        return new LoadFailedException(Reason.FAILED, "the origin's " + NAME + " is not a list of strings (RFC 9875)");
    }
}
