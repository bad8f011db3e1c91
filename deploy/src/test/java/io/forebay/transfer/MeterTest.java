package io.forebay.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MeterTest {

    private final StringWriter written = new StringWriter();
    private long nanos = 1;

    @Test
    void aLineIsWrittenEveryTenSecondsWhereThereIsNoTerminal() {
        Meter meter = meter(false);
        meter.start(1_000, 0.1);

        after(9_900);
        meter.atOf(1_990, 10_000);
        after(100);
        meter.atOf(2_000, 10_000);
        after(9_000);
        meter.atOf(2_900, 10_000);
        meter.end();

        assertThat(written)
                .hasToString("forebay: 2,000 of 10,000 events, 20 %, 100/s, 1:20 min left" + System.lineSeparator());
    }

    @Test
    void aTerminalHasOneLineThatChangesAndGoesAway() {
        Meter meter = meter(true);
        meter.start(0, -1);

        after(500);
        meter.atPart(50, -1);
        after(100);
        meter.atPart(60, -1);
        after(400);
        meter.atPart(100, -1);
        meter.end();

        assertThat(written).hasToString("\r\u001b[K50 events, 100/s\r\u001b[K100 events, 100/s\r\u001b[K");
    }

    @Test
    void aNoteStays() {
        Meter meter = meter(true);
        meter.start(0, 0);
        after(500);
        meter.atPart(50, 0.5);

        meter.note("careful");

        assertThat(written).asString().endsWith("1 s left\r\u001b[Kforebay: careful" + System.lineSeparator());
    }

    private Meter meter(boolean terminal) {
        return new Meter(new PrintWriter(written), terminal, () -> nanos);
    }

    private void after(long millis) {
        nanos += TimeUnit.MILLISECONDS.toNanos(millis);
    }
}
