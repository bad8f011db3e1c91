package io.forebay.presence.state;

import io.forebay.command.CommandKeys;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Key spaces of the presence store. Ids are 8 bytes big endian, so that keys sort by guild and then by user as numbers.
 *
 * <ul>
 *   <li>{@code P guild user}: a presence
 *   <li>{@code W guild commit}: a wave, a bulk write that is visible and not yet folded in
 *   <li>{@code S guild batch user}: a presence that belongs to a bulk write, which is named by the offset it began at
 *   <li>{@code B guild id}: a bulk write of which chunks are still to come, by the digest of its sender's id
 *   <li>{@code C guild commit}: what a wave is still to do to the counters
 * </ul>
 *
 * <p>Indexes: {@code P status guild user}, {@code B begun key}. Counters: {@code P guild} all of a guild, {@code P guild status} by status,
 * {@code W} waves of the partition, {@code S guild} presences that were put aside for bulk writes.
 */
public final class PresenceKeys {

    /** Bytes of a position in the list of all presences: guild and user. */
    public static final int ADDRESS_BYTES = 16;

    static final int BATCH_BYTES = 16;

    private static final byte PRESENCE = CommandKeys.FIRST_FEATURE_TAG;
    private static final byte WAVE = PRESENCE + 1;
    private static final byte STAGED = PRESENCE + 2;
    private static final byte BATCH = PRESENCE + 3;
    private static final byte OUTSTANDING = PRESENCE + 4;

    private PresenceKeys() {}

    static byte tag(byte[] key) {
        return key[0];
    }

    static boolean isPresence(byte[] key) {
        return key[0] == PRESENCE;
    }

    static boolean isWave(byte[] key) {
        return key[0] == WAVE;
    }

    static boolean isStaged(byte[] key) {
        return key[0] == STAGED;
    }

    static boolean isBatch(byte[] key) {
        return key[0] == BATCH;
    }

    static byte[] countOfStaged(long guild) {
        return ByteBuffer.allocate(9).put(STAGED).putLong(guild).array();
    }

    /** Key of one presence. */
    public static byte[] presence(long guild, long user) {
        return ByteBuffer.allocate(17)
                .put(PRESENCE)
                .putLong(guild)
                .putLong(user)
                .array();
    }

    /** Prefix of a guild's presences. */
    static byte[] presences(long guild) {
        return ByteBuffer.allocate(9).put(PRESENCE).putLong(guild).array();
    }

    /** Prefix of all presences. */
    static byte[] presences() {
        return new byte[] {PRESENCE};
    }

    static long guildOf(byte[] key) {
        return ByteBuffer.wrap(key).getLong(1);
    }

    static long userOf(byte[] presenceKey) {
        return ByteBuffer.wrap(presenceKey).getLong(9);
    }

    static byte[] wave(long guild, long commit) {
        return ByteBuffer.allocate(17).put(WAVE).putLong(guild).putLong(commit).array();
    }

    static byte[] outstanding(long guild, long commit) {
        return ByteBuffer.allocate(17)
                .put(OUTSTANDING)
                .putLong(guild)
                .putLong(commit)
                .array();
    }

    static byte[] waves(long guild) {
        return ByteBuffer.allocate(9).put(WAVE).putLong(guild).array();
    }

    static byte[] waves() {
        return new byte[] {WAVE};
    }

    static byte[] staged(long guild, byte[] batch, long user) {
        return ByteBuffer.allocate(9 + BATCH_BYTES + 8)
                .put(STAGED)
                .putLong(guild)
                .put(batch)
                .putLong(user)
                .array();
    }

    static byte[] staged(long guild, byte[] batch) {
        return ByteBuffer.allocate(9 + BATCH_BYTES)
                .put(STAGED)
                .putLong(guild)
                .put(batch)
                .array();
    }

    static long stagedUser(byte[] stagedKey) {
        return ByteBuffer.wrap(stagedKey).getLong(9 + BATCH_BYTES);
    }

    static byte[] batch(long guild, byte[] batch) {
        return ByteBuffer.allocate(9 + BATCH_BYTES)
                .put(BATCH)
                .putLong(guild)
                .put(batch)
                .array();
    }

    static byte[] batches() {
        return new byte[] {BATCH};
    }

    /** The name under which a bulk write that began at a source offset keeps what it puts aside. */
    static byte[] batchOf(long firstOffset) {
        return ByteBuffer.allocate(BATCH_BYTES).putLong(firstOffset).array();
    }

    static byte[] batchOf(byte[] batchKey) {
        byte[] batch = new byte[BATCH_BYTES];
        ByteBuffer.wrap(batchKey).get(9, batch);
        return batch;
    }

    static byte[] byBegin(long begun, byte[] batchKey) {
        return ByteBuffer.allocate(9 + batchKey.length)
                .put(BATCH)
                .putLong(begun)
                .put(batchKey)
                .array();
    }

    static byte[] byBegin() {
        return new byte[] {BATCH};
    }

    static long indexedBegin(byte[] indexKey) {
        return ByteBuffer.wrap(indexKey).getLong(1);
    }

    static byte[] indexedBatch(byte[] indexKey) {
        return Arrays.copyOfRange(indexKey, 9, indexKey.length);
    }

    static byte[] byStatus(StatusCode status, long guild, long user) {
        return ByteBuffer.allocate(18)
                .put(PRESENCE)
                .put(status.code())
                .putLong(guild)
                .putLong(user)
                .array();
    }

    static byte[] byStatus(StatusCode status) {
        return new byte[] {PRESENCE, status.code()};
    }

    static byte[] byStatus(StatusCode status, long guild) {
        return ByteBuffer.allocate(10)
                .put(PRESENCE)
                .put(status.code())
                .putLong(guild)
                .array();
    }

    static long indexedGuild(byte[] indexKey) {
        return ByteBuffer.wrap(indexKey).getLong(2);
    }

    static long indexedUser(byte[] indexKey) {
        return ByteBuffer.wrap(indexKey).getLong(10);
    }

    static byte[] countOf(long guild) {
        return presences(guild);
    }

    static byte[] countOf(long guild, StatusCode status) {
        return ByteBuffer.allocate(10)
                .put(PRESENCE)
                .putLong(guild)
                .put(status.code())
                .array();
    }

    static byte[] countOfWaves() {
        return waves();
    }

    /** Where a presence stands in the list of all. */
    public static byte[] address(long guild, long user) {
        return ByteBuffer.allocate(ADDRESS_BYTES).putLong(guild).putLong(user).array();
    }
}
