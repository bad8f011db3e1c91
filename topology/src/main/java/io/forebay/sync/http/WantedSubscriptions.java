package io.forebay.sync.http;

import io.forebay.records.value.Shape;
import io.forebay.records.watch.Identifier;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a call subscribes to, or ends.
 *
 * @param identifiers with what is followed below each
 * @param snapshot whether rows that are there are told first
 * @param follow whether what enters is followed
 * @param rule what of it may be told; null where the call says nothing
 * @param columns the text of a JSON object of lists of columns by table; null for all
 * @param leaseMs for how long it lives without being renewed; null until it is ended
 */
record WantedSubscriptions(
        Map<Identifier, Shape> identifiers,
        boolean snapshot,
        boolean follow,
        @Nullable String rule,
        @Nullable String columns,
        @Nullable Long leaseMs) {}
