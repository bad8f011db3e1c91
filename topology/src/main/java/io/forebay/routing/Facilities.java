package io.forebay.routing;

import java.time.Clock;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;

/**
 * What every inquiry works with.
 *
 * @param scans the bounded pool of scans; refuses when it is full
 * @param resumed where an inquiry goes on after a wait
 * @param timer ends waits; runs nothing else
 * @param clock the time of day
 * @param nanoTime a clock for spans
 */
record Facilities(
        Applications applications,
        QueryRegistry queries,
        PeerTransport transport,
        Placements placements,
        CommittedFloor floor,
        Succession succession,
        Executor scans,
        Executor resumed,
        ScheduledExecutorService timer,
        Clock clock,
        LongSupplier nanoTime) {}
