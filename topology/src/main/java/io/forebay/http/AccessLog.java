package io.forebay.http;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs every request by its route, never by its values. */
final class AccessLog implements RequestObserver {
    private static final Logger LOG = LoggerFactory.getLogger("io.forebay.http.access");

    private final RequestObserver next;

    AccessLog(RequestObserver next) {
        this.next = next;
    }

    @Override
    public void answered(String method, String template, int status, long nanos) {
        LOG.info("{} {} {} {}us", method, template, status, nanos / 1000);
        next.answered(method, template, status, nanos);
    }
}
