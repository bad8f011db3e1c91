package io.forebay.sync.model;

import io.forebay.command.RefusedException;
import io.forebay.command.Violation;
import io.forebay.records.file.InvalidFileException;
import io.forebay.records.model.Model;
import io.forebay.records.model.ModelFile;
import io.forebay.schemas.avro.DeclaredModel;
import io.forebay.schemas.path.Path;
import io.forebay.store.Stored;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The model that a partition decides by.
 *
 * <p><b>In the log.</b> What is decided has to be decided again by a replay, and by whichever instance has the partition next, so it cannot
 * follow a file: instances declare their files when they start, and partitions follow what was declared. One partition of row changes takes
 * declarations, under a key of their own, gives each a version and passes it on, so that all partitions of all stages end up with the same
 * one, whoever starts at the same time. The one that was declared last is right.
 *
 * <p><b>Before any.</b> Changes may be there before the first instance is. They are decided by the file of whoever reads them.
 *
 * @param version greater than that of every model before; {@link #NONE} of a file
 * @param model the model
 * @param text its file as the library writes it: equal models have the same
 */
public record KnownModel(long version, Model model, String text) {

    /** Version of what nobody has declared. */
    public static final long NONE = -1;

    /** Key of declarations. */
    public static final Path KEY = Path.of("", "model");

    private static final byte FORMAT = 1;
    private static final int FINGERPRINT_BYTES = 6;

    /** The model of an instance's own file. */
    public static KnownModel ofFile(Model model) {
        return new KnownModel(NONE, model, ModelFile.write(model).text());
    }

    /**
     * The model of a declaration.
     *
     * @throws RefusedException with all that is wrong with it
     */
    public static KnownModel of(DeclaredModel declared) throws RefusedException {
        try {
            return ofFile(ModelFile.parse(declared.getModel())).at(declared.getVersion());
        } catch (InvalidFileException e) {
            throw RefusedException.invalid(e.problems().stream()
                    .map(problem -> new Violation("/declared/model", problem.toString()))
                    .toList());
        }
    }

    /** The same under a version. */
    public KnownModel at(long other) {
        return new KnownModel(other, model, text);
    }

    /** As it is declared. */
    public DeclaredModel declared() {
        return new DeclaredModel(version, text);
    }

    /** How many bytes its text has. */
    public int bytes() {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** Whether it is later than another. */
    public boolean isAfter(KnownModel other) {
        return version > other.version;
    }

    /** What tells it from others in a log line. */
    public String fingerprint() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(Arrays.copyOf(digest, FINGERPRINT_BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has it", e);
        }
    }

    /** The form in which it is stored. */
    public byte[] encode() {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(1 + Long.BYTES + bytes.length)
                .put(FORMAT)
                .putLong(version)
                .put(bytes)
                .array();
    }

    /** What is stored; null where nothing is. */
    public static @Nullable KnownModel of(@Nullable Stored stored) {
        return stored == null ? null : decode(stored.payload());
    }

    /** Reads what {@link #encode} wrote. */
    public static KnownModel decode(byte[] encoded) {
        ByteBuffer buffer = ByteBuffer.wrap(encoded);
        byte format = buffer.get();
        if (format != FORMAT) {
            throw new IllegalStateException("model format " + format + " is newer than this version");
        }
        long version = buffer.getLong();
        byte[] text = new byte[buffer.remaining()];
        buffer.get(text);
        return ofFile(ModelFile.parse(new String(text, StandardCharsets.UTF_8))).at(version);
    }
}
