package io.forebay.schemas.topic;

/** Names of the record headers that Forebay reads or writes. All values are UTF-8 text. */
public final class HeaderNames {

    /** On an input record: the id under which the outcome of the command is kept. */
    public static final String REQUEST_ID = "forebay.request-id";

    /** On a dead letter: the stable code of the reason. */
    public static final String REASON = "forebay.reason";

    /** On a dead letter: the reason in words, without any value of the record. */
    public static final String DETAIL = "forebay.detail";

    /** On a dead letter: name of the topic the record came from. */
    public static final String TOPIC = "forebay.topic";

    /** On a dead letter: partition the record came from, in decimal. */
    public static final String PARTITION = "forebay.partition";

    /** On a dead letter: offset the record had there, in decimal. */
    public static final String OFFSET = "forebay.offset";

    private HeaderNames() {}
}
