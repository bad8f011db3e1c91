package io.forebay.keys.http;

import io.forebay.keys.KeysConfig;
import java.time.Duration;

/**
 * Bounds of the calls of keys.
 *
 * @param readTimeout how long a read waits for its position and for owners
 * @param outcomeTimeout how long a write waits for its outcome where the caller does not say
 * @param keys limits of one key and of one command
 * @param batchBytes the largest body that lists records or keys
 * @param getCount the most keys that one call asks for
 * @param answerBytes the most bytes of values in an answer to such a call
 * @param snapshotPage how many keys a page of a stream's snapshot has
 */
public record KeysHttpConfig(
        Duration readTimeout,
        Duration outcomeTimeout,
        KeysConfig keys,
        int batchBytes,
        int getCount,
        long answerBytes,
        int snapshotPage) {

    private static final Duration WAIT = Duration.ofSeconds(10);
    private static final int BATCH_BYTES = 16 * 1024 * 1024;
    private static final int GET_COUNT = 1_000;
    private static final long ANSWER_BYTES = 32L * 1024 * 1024;
    private static final int PAGE = 500;

    /** The bounds of the capability, a wait of 10 s, bodies of 16 MiB, answers of 1,000 keys and 32 MiB. */
    public static KeysHttpConfig of(KeysConfig config) {
        return new KeysHttpConfig(WAIT, WAIT, config, BATCH_BYTES, GET_COUNT, ANSWER_BYTES, PAGE);
    }
}
