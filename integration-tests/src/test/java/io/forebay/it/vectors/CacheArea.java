package io.forebay.it.vectors;

import com.fasterxml.jackson.databind.JsonNode;

/** Caches: the topology over the input topic of keys, and the calls under {@code /v1/caches}. */
final class CacheArea implements Area {
    @Override
    public String name() {
        return "cache";
    }

    /** Over HTTP a key is a text whatever it was. */
    @Override
    public boolean runsOverHttp(Vector vector) {
        return Area.super.runsOverHttp(vector)
                && vector.given().stream()
                        .map(operation -> operation.path("key"))
                        .allMatch(JsonNode::isTextual);
    }

    @Override
    public SystemUnderTest inProcess() {
        return CachesInProcess.open();
    }

    @Override
    public SystemUnderTest overHttp(Vector vector) {
        return CachesOverHttp.open();
    }
}
