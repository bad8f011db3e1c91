package io.forebay.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.cache.query.Looked;
import io.forebay.command.Outcome;
import io.forebay.keys.KeysConfig;
import io.forebay.schemas.avro.BeginLoad;
import io.forebay.schemas.avro.DeleteMatch;
import io.forebay.schemas.avro.FillEntry;
import io.forebay.schemas.avro.InvalidateKeys;
import io.forebay.schemas.avro.InvalidateMatch;
import io.forebay.schemas.avro.InvalidateTag;
import io.forebay.schemas.avro.PutKey;
import io.forebay.schemas.avro.PutKeys;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Caches, command by command. */
class CacheDeciderTest {

    private static final String K = "cache%3Aposts/k";

    @TempDir
    Path dir;

    private void given(Consumer<CacheDriver> test) {
        given(KeysConfig.defaults(), test);
    }

    private void given(KeysConfig config, Consumer<CacheDriver> test) {
        try (CacheDriver caches = new CacheDriver(dir, config)) {
            test.accept(caches);
        }
    }

    @Test
    void theFirstReaderLoadsAndTheOthersWaitForIt() {
        given(caches -> {
            long lease = caches.lease(K, null);

            assertThat(caches.begin(K, null, "B")).isEqualTo("{\"wait_for\":\"\",\"lease\":\"" + lease + "\"}");
            assertThat(caches.fill(K, lease, "1").text()).isEqualTo("{\"kept\":true}");
            assertThat(caches.begin(K, null, "B")).isEqualTo("{\"hit\":true}");
            assertThat(caches.get(K)).isEqualTo("1");
        });
    }

    @Test
    void waitersAreToldWhomTheyWaitFor() {
        given(caches -> {
            caches.begin(K, null, "a \"reader\"");

            assertThat(caches.begin(K, null, "B")).startsWith("{\"wait_for\":\"a \\\"reader\\\"\",");
        });
    }

    @Test
    void anEntryExpiresForTheReaderThatSaysSo() {
        given(caches -> {
            caches.load(K, 5L, "1");

            caches.advance(4_999);
            assertThat(caches.get(K, 5L)).isEqualTo("1");
            caches.advance(1);
            assertThat(caches.get(K, 5L)).isNull();
            assertThat(caches.get(K, 6L)).isEqualTo("1");
            assertThat(caches.get(K)).isEqualTo("1");
        });
    }

    @Test
    void readingStartsItsAgeAnew() {
        given(caches -> {
            caches.load(K, 5L, "1");
            caches.advance(4_000);
            caches.begin(K, null, "");
            caches.advance(4_000);
            long read = caches.flow.now() - 3_000;
            caches.touch(K, read);
            caches.advance(1_500);

            assertThat(caches.look(K, 5L).touched()).isEqualTo(read);
            assertThat(caches.get(K, 5L)).isEqualTo("1");
        });
    }

    @Test
    void aTouchIsNeverLaterThanTheLogAndNeverMakesAnEntryOlder() {
        given(caches -> {
            caches.load(K, 5L, "1");
            long filled = caches.flow.now();

            caches.touch(K, filled - 1);
            assertThat(caches.look(K, null).touched()).isEqualTo(filled);
            caches.touch(K, filled + 100_000);
            assertThat(caches.look(K, null).touched()).isEqualTo(filled);
        });
    }

    @Test
    void lifetimeZeroAlwaysLoadsAndKeeps() {
        given(caches -> {
            caches.load(K, 0L, "1");
            caches.load(K, 0L, "2");

            assertThat(caches.begin(K, null, "")).isEqualTo("{\"hit\":true}");
            assertThat(caches.get(K)).isEqualTo("2");
        });
    }

    @Test
    void aLeaseThatIsNotUsedIsGivenToTheNextReaderAfterItsTime() {
        given(caches -> {
            long lease = caches.lease(K, null);
            caches.advance(CacheDriver.LEASE_MS - 1);
            assertThat(caches.begin(K, null, "")).startsWith("{\"wait_for\"");
            caches.advance(1);

            long next = caches.lease(K, null);

            assertThat(caches.fill(K, lease, "old").status()).isEqualTo(409);
            assertThat(caches.fill(K, next, "new").text()).isEqualTo("{\"kept\":true}");
            assertThat(caches.get(K)).isEqualTo("new");
        });
    }

    @Test
    void aTickEndsALeaseSoThatThoseWhoWaitHearOfIt() {
        given(caches -> {
            caches.lease(K, null);
            caches.flow.runTicks();
            assertThat(caches.look(K, null).loading()).isTrue();
            caches.advance(CacheDriver.LEASE_MS);
            long before = caches.flow.store().position();

            assertThat(caches.flow.runTicks()).isPositive();

            assertThat(caches.flow.store().position()).isGreaterThan(before);
            assertThat(caches.look(K, null).loading()).isFalse();
            assertThat(caches.flow.runTicks()).isZero();
        });
    }

    @Test
    void onlyTheHolderOfALeaseFillsOrGivesUp() {
        given(caches -> {
            long lease = caches.lease(K, null);

            Outcome other = caches.fill(K, lease + 1, "x");
            assertThat(other.status()).isEqualTo(409);
            assertThat(other.code()).isEqualTo("lease_not_held");
            assertThat(caches.giveUp(K, lease + 1).status()).isEqualTo(409);
            assertThat(caches.giveUp(K, lease).status()).isEqualTo(204);
            assertThat(caches.fill(K, lease, "late").status()).isEqualTo(409);
            assertThat(caches.lease(K, null)).isGreaterThan(lease);
        });
    }

    @Test
    void aFailedLoadLeavesWhatWasThere() {
        given(caches -> {
            caches.load(K, 5L, "1");
            caches.advance(5_000);

            caches.giveUp(K, caches.lease(K, 5L));

            assertThat(caches.get(K)).isEqualTo("1");
            assertThat(caches.get(K, 5L)).isNull();
        });
    }

    @Test
    void oneReaderRefreshesWhatIsStaleAndTheOthersTakeIt() {
        given(caches -> {
            caches.load(K, 5L, "1");
            caches.advance(5_000);

            String lease = staleLease(caches.beginStale(K, 5, 3_000));

            assertThat(caches.beginStale(K, 5, 3_000))
                    .isEqualTo("{\"wait_for\":\"\",\"lease\":\"" + lease + "\",\"stale\":true}");
            assertThat(caches.begin(K, 5L, "")).isEqualTo("{\"wait_for\":\"\",\"lease\":\"" + lease + "\"}");
            assertThat(caches.lookStale(K, 5, 3_000).isToBeRefreshed()).isFalse();
            assertThat(caches.fill(K, Long.parseLong(lease), "2").text()).isEqualTo("{\"kept\":true}");
            assertThat(caches.get(K, 5L)).isEqualTo("2");
        });
    }

    @Test
    void whatIsStaleIsAnsweredUntilTheEndOfTheWindowThatFollowsTheReadersLifetime() {
        given(caches -> {
            caches.load(K, 5L, "1");

            caches.advance(4_999);
            assertThat(caches.lookStale(K, 5, 3_000).stale()).isFalse();
            assertThat(caches.lookStale(K, 3, 3_000).stale()).isTrue();
            caches.advance(3_000);
            Looked last = caches.lookStale(K, 5, 3_000);
            assertThat(last.isToBeRefreshed()).isTrue();
            assertThat(last.secondsLeft(5)).isEqualTo(-2);
            assertThat(caches.lookStale(K, 3, 3_000).value()).isNull();
            caches.advance(1);
            assertThat(caches.lookStale(K, 5, 3_000).value()).isNull();
            assertThat(caches.beginStale(K, 5, 3_000)).startsWith("{\"lease\":").endsWith("\"}");
        });
    }

    @Test
    void toBeAnsweredAsStaleDoesNotStartTheAgeAnewButAFreshReadDoes() {
        given(caches -> {
            caches.load(K, 5L, "1");
            long filled = caches.flow.now();
            caches.advance(6_000);

            caches.beginStale(K, 5, 3_000);
            assertThat(caches.look(K, null).touched()).isEqualTo(filled);
            assertThat(caches.begin(K, 60L, "")).isEqualTo("{\"hit\":true}");

            assertThat(caches.lookStale(K, 5, 3_000).stale()).isFalse();
            assertThat(caches.get(K, 5L)).isEqualTo("1");
        });
    }

    @Test
    void aReaderThatAlwaysLoadsTakesNoOlderValue() {
        given(caches -> {
            caches.load(K, 5L, "1");

            assertThat(caches.lookStale(K, 0, 3_000).value()).isNull();
            assertThat(caches.beginStale(K, 0, 3_000)).startsWith("{\"lease\":").endsWith("\"}");
        });
    }

    @Test
    void aRefreshThatFailsIsTriedAgainAfterAsLongAsTheValueWasStale() {
        given(caches -> {
            caches.load(K, 5L, "1");
            caches.advance(5_000);
            List<Long> pauses = new ArrayList<>();

            for (int tries = 0; tries < 9; tries++) {
                String lease = staleLease(caches.beginStale(K, 5, 1_000_000));
                caches.giveUp(K, Long.parseLong(lease));
                assertThat(caches.beginStale(K, 5, 1_000_000)).isEqualTo("{\"stale\":true}");
                long failed = caches.flow.now();
                while (!caches.lookStale(K, 5, 1_000_000).isToBeRefreshed()) {
                    caches.advance(1_000);
                }
                pauses.add((caches.flow.now() - failed) / 1_000);
            }

            assertThat(pauses).containsExactly(1L, 1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L);
        });
    }

    @Test
    void whoTakesNoOlderValueDoesNotWaitForTheNextTry() {
        given(caches -> {
            caches.load(K, 5L, "1");
            caches.advance(5_000);
            long failed = Long.parseLong(staleLease(caches.beginStale(K, 5, 3_000)));
            caches.giveUp(K, failed);

            long next = caches.lease(K, 5L);

            assertThat(caches.fill(K, failed, "x").status()).isEqualTo(409);
            assertThat(caches.fill(K, next, "2").text()).isEqualTo("{\"kept\":true}");
        });
    }

    @Test
    void aPauseSurvivesARestartAndATickEndsIt() {
        given(caches -> {
            caches.load(K, 5L, "1");
            caches.advance(15_000);
            caches.giveUp(K, Long.parseLong(staleLease(caches.beginStale(K, 5, 60_000))));

            caches.flow.restart();

            assertThat(caches.lookStale(K, 5, 60_000).paused()).isTrue();
            caches.advance(10_000);
            assertThat(caches.flow.runTicks()).isPositive();
            assertThat(caches.flow.runTicks()).isZero();
            assertThat(caches.lookStale(K, 5, 60_000).isToBeRefreshed()).isTrue();
        });
    }

    @Test
    void whatIsInvalidatedIsNeverAnsweredAsStale() {
        given(caches -> {
            caches.load(K, 5L, "1", "t");
            caches.advance(5_000);
            long lease = Long.parseLong(staleLease(caches.beginStale(K, 5, 3_000)));

            caches.invalidateTag("posts", "t");

            assertThat(caches.lookStale(K, 5, 3_000).value()).isNull();
            assertThat(caches.beginStale(K, 5, 3_000))
                    .startsWith("{\"wait_for\"")
                    .endsWith("\"}");
            assertThat(caches.fill(K, lease, "old", "t").text()).isEqualTo("{\"kept\":false}");
            assertThat(caches.lookStale(K, 5, 3_000).value()).isNull();
        });
    }

    private static String staleLease(String told) {
        assertThat(told).startsWith("{\"lease\":\"").endsWith("\",\"stale\":true}");
        return told.substring(10, told.indexOf('"', 10));
    }

    @Test
    void leasesAndInvalidationsSurviveARestart() {
        given(caches -> {
            long outdated = caches.lease(K, null);
            caches.invalidate(K);
            long lease = caches.lease(K, null);

            caches.flow.restart();

            assertThat(caches.fill(K, outdated, "old").text()).isEqualTo("{\"kept\":false}");
            assertThat(caches.begin(K, null, "")).startsWith("{\"wait_for\"");
            assertThat(caches.fill(K, lease, "new").text()).isEqualTo("{\"kept\":true}");
        });
    }

    @Test
    void invalidationMeetsKeysMatchesAndTags() {
        given(caches -> {
            caches.load("cache%3Aposts/1", null, "1", "author 7");
            caches.load("cache%3Aposts/2", null, "2", "author 7", "draft");
            caches.load("cache%3Aposts/2/comments", null, "3");
            caches.load("cache%3Aothers/1", null, "4", "author 7");

            caches.invalidateTag("posts", "draft");
            assertThat(caches.get("cache%3Aposts/2")).isNull();
            assertThat(caches.get("cache%3Aposts/1")).isEqualTo("1");
            caches.invalidateMatch("cache%3Aposts/*/comments");
            assertThat(caches.get("cache%3Aposts/2/comments")).isNull();
            caches.invalidateTag("posts", "author 7");
            assertThat(caches.get("cache%3Aposts/1")).isNull();
            assertThat(caches.get("cache%3Aothers/1")).isEqualTo("4");
            caches.invalidate("cache%3Aothers/1", "cache%3Aothers/2");
            assertThat(caches.get("cache%3Aothers/1")).isNull();
        });
    }

    @Test
    void aFillWithoutTheTagIsKeptAfterItsInvalidation() {
        given(caches -> {
            long lease = caches.lease(K, null);
            caches.invalidateTag("posts", "t");

            assertThat(caches.begin(K, null, "")).startsWith("{\"wait_for\"");
            assertThat(caches.fill(K, lease, "1", "u").text()).isEqualTo("{\"kept\":true}");
        });
    }

    @Test
    void whatIsNotKeptEndsTheLeaseNevertheless() {
        given(caches -> {
            long lease = caches.lease(K, null);
            caches.invalidateTag("posts", "t");

            assertThat(caches.fill(K, lease, "1", "t").text()).isEqualTo("{\"kept\":false}");
            assertThat(caches.lease(K, null)).isGreaterThan(lease);
        });
    }

    @Test
    void manyEntriesAreGoneAtOnceAndCarriedAwayByTicks() {
        KeysConfig small = new KeysConfig(1024, 1024, 100, 100, 3, 2);
        given(small, caches -> {
            for (int i = 0; i < 10; i++) {
                caches.load("cache%3Aposts/" + i, null, "old", i < 8 ? "t" : "u");
            }

            caches.invalidateTag("posts", "t");

            for (int i = 0; i < 10; i++) {
                assertThat(caches.get("cache%3Aposts/" + i)).isEqualTo(i < 8 ? null : "old");
            }
            caches.load("cache%3Aposts/5", null, "new", "t");
            while (caches.flow.runTicks() > 0) {
                assertThat(caches.get("cache%3Aposts/5")).isEqualTo("new");
            }
            caches.invalidateMatch("cache%3Aposts/**");
            while (caches.flow.runTicks() > 0) {
                assertThat(caches.get("cache%3Aposts/9")).isNull();
            }
            assertThat(caches.get("cache%3Aposts/5")).isNull();
        });
    }

    @Test
    void nothingOfACacheIsTold() {
        given(caches -> {
            caches.load(K, null, "1");
            caches.invalidate(K);

            assertThat(caches.flow.told()).isEmpty();
        });
    }

    @Test
    void keysDoNotReachCaches() {
        given(caches -> {
            PutKey put = PutKey.newBuilder()
                    .setKey(K)
                    .setValue(ByteBuffer.allocate(0))
                    .build();

            assertThat(caches.decideKeys(K, new PutKeys(List.of(put))).code()).isEqualTo("reserved_namespace");
            assertThat(caches.decideKeys(null, new DeleteMatch("cache%3Aposts/**"))
                            .code())
                    .isEqualTo("reserved_namespace");
        });
    }

    @Test
    void whatIsWrongIsRefusedWithItsPlace() {
        given(caches -> {
            assertThat(refused(caches.decide(K, new BeginLoad(K, -1L, 10_000L, null, null))))
                    .isEqualTo("invalid /lifetime");
            assertThat(refused(caches.decide(K, new BeginLoad(K, 5L, 10_000L, null, -1L))))
                    .isEqualTo("invalid /stale_ms");
            assertThat(refused(caches.decide(K, new BeginLoad(K, null, 0L, null, null))))
                    .isEqualTo("invalid /lease_ms");
            assertThat(refused(caches.decide(K, new BeginLoad(K, null, 10_000L, "c".repeat(257), null))))
                    .isEqualTo("invalid /caller");
            assertThat(refused(caches.decide(K, new BeginLoad("cache%3Aposts/j", null, 10_000L, null, null))))
                    .isEqualTo("wrong_key key");
            assertThat(refused(caches.decide("n/k", new BeginLoad("n/k", null, 10_000L, null, null))))
                    .isEqualTo("invalid /key");
            assertThat(refused(caches.decide("cache%3A/k", new BeginLoad("cache%3A/k", null, 10_000L, null, null))))
                    .isEqualTo("invalid /key");
            assertThat(refused(caches.decide(K, new FillEntry(K, 0L, ByteBuffer.allocate(0), "", List.of()))))
                    .isEqualTo("invalid /content_type");
            assertThat(refused(caches.decide(K, new FillEntry(K, 0L, ByteBuffer.allocate(0), "a/b", List.of("")))))
                    .isEqualTo("invalid /tags");
            assertThat(refused(caches.decide(K, new InvalidateKeys(List.of("cache%3Aposts/j")))))
                    .isEqualTo("wrong_key key");
            assertThat(refused(caches.decide(K, new InvalidateMatch("cache%3Aposts/**"))))
                    .isEqualTo("wrong_key key");
            assertThat(refused(caches.decide(null, new InvalidateMatch("n/**"))))
                    .isEqualTo("invalid /match");
            assertThat(refused(caches.decide(null, new InvalidateTag("", "t")))).isEqualTo("invalid /cache");
            assertThat(refused(caches.decide(null, new InvalidateTag("c", "")))).isEqualTo("invalid /tag");
        });
    }

    private static String refused(Outcome outcome) {
        return outcome.code() + " " + outcome.field();
    }
}
