package io.forebay.it.vectors;

/** Keys: the topology over its input topic, and the calls under {@code /v1/keys}. */
final class KeysArea implements Area {
    @Override
    public String name() {
        return "keys";
    }

    @Override
    public SystemUnderTest inProcess() {
        return KeysInProcess.open();
    }

    @Override
    public SystemUnderTest overHttp(Vector vector) {
        return KeysOverHttp.open();
    }
}
