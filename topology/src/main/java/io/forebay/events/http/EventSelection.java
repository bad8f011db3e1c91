package io.forebay.events.http;

import io.forebay.events.query.ReadEvents;
import io.forebay.events.state.EventFilter;
import io.forebay.http.Problem;
import io.forebay.http.Request;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.topic.TopicSpec;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Which events a request is about: each member exactly, null for any. */
record EventSelection(
        @Nullable String type,
        @Nullable String domain,
        @Nullable String instanceId) {
    private static final int LONGEST_NAME = 4096;

    /** The events that a request's parameters name. */
    static EventSelection of(Request request) {
        return new EventSelection(name(request, "type"), name(request, "domain"), name(request, "instance_id"));
    }

    /** The stream that a request's path names. */
    static Path stream(Request request) {
        return Path.of(
                checked("domain", request.pathParameter("domain")),
                checked("instance", request.pathParameter("instance")));
    }

    /** The events of a stream. */
    static EventSelection of(Path stream) {
        return new EventSelection(null, stream.part(0), stream.part(1));
    }

    private static @Nullable String name(Request request, String parameter) {
        String name = request.parameter(parameter);
        return name == null ? null : checked(parameter, name);
    }

    private static String checked(String parameter, String name) {
        if (name.isEmpty() || name.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
            throw Problem.invalid(parameter, "must have 1 to " + LONGEST_NAME + " bytes in UTF-8")
                    .exception();
        }
        return name;
    }

    /** The partition that all of them are on; null where they may be on several. */
    @Nullable
    Integer partition(TopicSpec input) {
        return domain == null || instanceId == null ? null : input.partitionFor(Path.of(domain, instanceId));
    }

    /** The index that serves it. */
    String index() {
        return new EventFilter(type, domain, instanceId).index();
    }

    /** The query of one page of a partition's events. */
    ReadEvents page(@Nullable Long after, int limit, long maxBytes) {
        return new ReadEvents(type, domain, instanceId, null, null, after, false, 0, limit, maxBytes, null, false);
    }

    boolean meets(String otherType, String otherDomain, String otherInstanceId) {
        return (type == null || type.equals(otherType))
                && (domain == null || domain.equals(otherDomain))
                && (instanceId == null || instanceId.equals(otherInstanceId));
    }
}
