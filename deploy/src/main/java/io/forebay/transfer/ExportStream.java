package io.forebay.transfer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Standard output: what is written is gone, so an export that is cut off begins anew. */
final class ExportStream implements ExportTarget {

    private final OutputStream out;

    ExportStream(OutputStream out) {
        this.out = out;
    }

    @Override
    public @Nullable ExportProgress begun() {
        return null;
    }

    @Override
    public byte @Nullable [] last() {
        return null;
    }

    @Override
    public void write(List<byte[]> events, ExportProgress reached) {
        ByteArrayOutputStream page = new ByteArrayOutputStream();
        for (byte[] event : events) {
            page.writeBytes(event);
            page.write('\n');
        }
        try {
            page.writeTo(out);
            out.flush();
        } catch (IOException e) {
            throw TransferException.of("cannot write to " + name(), e);
        }
    }

    @Override
    public void complete() {
        // Each page has been flushed.
    }

    @Override
    public String name() {
        return "standard output";
    }

    @Override
    public String advice() {
        return "; with --out FILE an export can go on where it was cut off";
    }

    @Override
    public void close() {
        // It is not this export's to close.
    }
}
