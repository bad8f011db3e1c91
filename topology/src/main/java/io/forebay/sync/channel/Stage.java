package io.forebay.sync.channel;

/** A stage of record sync, as the other ones know it. */
public enum Stage {
    /** Decides changes of rows. */
    ROWS((byte) 1, "rows"),
    /** Finds whom they concern. */
    PLACES((byte) 2, "places"),
    /** Decides what is subscribed to. */
    SUBSCRIPTIONS((byte) 3, "subscriptions"),
    /** Tells subscribers. */
    SUBSCRIBERS((byte) 4, "subscribers");

    private final byte tag;
    private final String label;

    Stage(byte tag, String label) {
        this.tag = tag;
        this.label = label;
    }

    /** Stands for it in keys of stores. */
    byte tag() {
        return tag;
    }

    /** Its name in records. */
    public String label() {
        return label;
    }

    /**
     * The stage of a name.
     *
     * @throws IllegalArgumentException where there is none
     */
    public static Stage of(String label) {
        for (Stage stage : values()) {
            if (stage.label.equals(label)) {
                return stage;
            }
        }
        throw new IllegalArgumentException("there is no such stage");
    }
}
