package io.forebay.cache.http;

/** The header that says what a cache did (RFC 9211). */
final class CacheStatus {
    static final String NAME = "Cache-Status";

    /** The value was there. */
    static final String HIT = "forebay; hit";

    /** The value was not there, and another caller loaded it meanwhile. */
    static final String COLLAPSED = "forebay; fwd=miss; collapsed";

    /** The value is not there: the caller is to load it. */
    static final String MISS = "forebay; fwd=miss";

    /** The value is there now. */
    static final String STORED = "forebay; fwd=miss; stored";

    /** The value may be outdated and is not kept. */
    static final String NOT_STORED = "forebay; fwd=miss; stored=?0";

    /** The origin failed, and an older value was there. */
    static final String STALE = "forebay; fwd=stale; detail=origin-failed";

    private CacheStatus() {}

    /**
     * The value was there, not fresh any more, and is loaded anew without the caller's waiting for it. That is a hit, since
     * this request went nowhere, and a time left that is not positive says that it is stale (sections 2.1 and 2.4).
     *
     * @param secondsLeft 0 or less
     */
    static String stale(long secondsLeft) {
        return HIT + "; ttl=" + secondsLeft;
    }
}
