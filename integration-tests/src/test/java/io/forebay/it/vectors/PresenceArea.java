package io.forebay.it.vectors;

/** Presences: the topology over its input topic, and the calls under {@code /v1/presences} and {@code /v1/gateway}. */
final class PresenceArea implements Area {
    @Override
    public String name() {
        return "presence";
    }

    @Override
    public SystemUnderTest inProcess() {
        return PresencesInProcess.open();
    }

    @Override
    public SystemUnderTest overHttp(Vector vector) {
        return PresencesOverHttp.open();
    }
}
