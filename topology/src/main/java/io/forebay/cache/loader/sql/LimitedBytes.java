package io.forebay.cache.loader.sql;

import io.forebay.cache.loader.LoadFailedException;
import io.forebay.cache.loader.LoadFailedException.Reason;
import java.io.ByteArrayOutputStream;

/** Bytes up to a number; one more is a failed load. */
final class LimitedBytes extends ByteArrayOutputStream {
    private final int most;

    LimitedBytes(int most) {
        this.most = most;
    }

    @Override
    public synchronized void write(int one) {
        check(1);
        super.write(one);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
        check(length);
        super.write(bytes, offset, length);
    }

    private void check(int more) {
        if (more > most - size()) {
            throw new LoadFailedException(Reason.FAILED, "the database's answer has more than " + most + " bytes");
        }
    }
}
