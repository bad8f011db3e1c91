package io.forebay.sync.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.records.model.Model;
import io.forebay.records.model.ModelFile;
import io.forebay.records.sync.Declared;
import io.forebay.records.value.RecordId;
import io.forebay.records.value.Shape;
import io.forebay.stream.EventSink;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LiveStreamTest {

    private static final Model MODEL = ModelFile.parse("""
            tables:
              users:
                columns: [id, name]
                assocs:
                  posts: {kind: has_many, table: posts, fk: user_id}
              posts:
                columns: [id, user_id]
            """);

    private static final Declared USER =
            new Declared.One(new RecordId("users", List.of("1")), new Shape(Map.of("posts", Shape.BARE)));

    private final Reader reader = new Reader();
    private final Followed followed = new Followed();
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private LiveStream stream = stream(false, 100);

    /** Who looks at the value: what he got, each as id, event and data. */
    private static final class Reader implements EventSink {
        final List<String> got = new ArrayList<>();
        private Runnable onClose = () -> {};
        private boolean closed;

        @Override
        public boolean isFull() {
            return false;
        }

        @Override
        public void send(@Nullable String id, @Nullable String event, byte @Nullable [] data) {
            got.add(id + " " + event + " " + (data == null ? "" : new String(data, StandardCharsets.UTF_8)));
        }

        @Override
        public void onDrain(Runnable action) {}

        @Override
        public void onClose(Runnable action) {
            onClose = action;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private static final class Followed implements LiveStream.Source {
        int begun;
        int ended;

        @Override
        public void begin(LiveStream stream) {
            begun++;
        }

        @Override
        public void end() {
            ended++;
        }
    }

    private LiveStream stream(boolean isReturning, int maxRows) {
        return new LiveStream(reader, new LiveCopy(MODEL, USER, maxRows), isReturning, tasks::add, followed);
    }

    @BeforeEach
    void open() {
        stream.onDrain(() -> {});
        stream.onClose(() -> {});
        send("0", "caught-up", "{}");
        run();
    }

    private void send(String id, @Nullable String event, @Nullable String data) {
        stream.send(id, event, data == null ? null : data.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private void run() {
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
    }

    private void change(String id, String table, String row, String more) {
        send(
                id,
                "change",
                "{'op':'updated','table':'" + table + "','key':['1'],'row':" + row
                        + ",'ref':'1','partition':0,'followed':true" + more + "}");
    }

    private void told() {
        change("1", "users", "{'id':1}", ",'outstanding':true");
        send("2", "change", "{'op':'caught_up'}");
        run();
    }

    @Test
    void theValueIsToldOnceItIsWhole() {
        change("1", "users", "{'id':1}", ",'outstanding':true");
        run();
        List<String> before = List.copyOf(reader.got);
        send("2", "change", "{'op':'caught_up'}");
        run();

        assertThat(followed.begun).isEqualTo(1);
        assertThat(before).isEmpty();
        assertThat(reader.got)
                .containsExactly("2 snapshot {\"table\":\"users\",\"row\":{\"id\":1},\"assocs\":{\"posts\":[]}}");
    }

    @Test
    void whatComesAsAUnitIsOnePatch() {
        told();
        reader.got.clear();
        change("2", "users", "{'id':1,'name':'a'}", "");
        run();
        List<String> within = List.copyOf(reader.got);
        change("3", "posts", "{'id':1,'user_id':1}", "");
        run();

        assertThat(within).isEmpty();
        assertThat(reader.got)
                .containsExactly("3 patch [{\"op\":\"add\",\"path\":\"/row/name\",\"value\":\"a\"},"
                        + "{\"op\":\"add\",\"path\":\"/assocs/posts/0\",\"value\":{\"table\":\"posts\",\"row\":{\"id\":1,"
                        + "\"user_id\":1}}}]");
    }

    @Test
    void whatComesInMeanwhileIsOnePatchToo() {
        told();
        reader.got.clear();
        change("3", "users", "{'id':1,'name':'a'}", "");
        change("4", "users", "{'id':1,'name':'b'}", "");
        send("5", null, null);
        run();

        assertThat(reader.got)
                .containsExactly("5 null ", "5 patch [{\"op\":\"add\",\"path\":\"/row/name\",\"value\":\"b\"}]");
    }

    @Test
    void whatMakesNoDifferenceIsNotTold() {
        told();
        reader.got.clear();
        change("3", "posts", "{'id':1,'user_id':2}", "");
        run();

        assertThat(reader.got).isEmpty();
    }

    @Test
    void whoComesBackIsToldThatWhatHeHasDoesNotCount() {
        stream = stream(true, 100);
        send("9", "caught-up", "{}");
        run();

        assertThat(reader.got).containsExactly("9 must-refetch {\"reason\":\"other_stream\"}");
    }

    @Test
    void aValueThatIsTooLargeEndsTheStream() {
        stream = stream(false, 1);
        send("0", "caught-up", "{}");
        change("1", "users", "{'id':1}", "");
        change("2", "posts", "{'id':1,'user_id':1}", "");
        run();

        assertThat(reader.got).last().isEqualTo("null disconnect {\"reason\":\"too_large\"}");
        assertThat(reader.closed).isTrue();
    }

    @Test
    void whatIsNotOnTheTopicAnyMoreEndsTheStream() {
        told();
        send("3", "must-refetch", "{'reason':'expired'}");
        run();

        assertThat(reader.got).last().isEqualTo("null disconnect {\"reason\":\"unavailable\"}");
    }

    @Test
    void aValueThatIsNotToldInTimeEndsTheStream() {
        change("1", "users", "{'id':1}", ",'outstanding':true");
        stream.endUnlessTold();
        run();

        assertThat(reader.got).containsExactly("null disconnect {\"reason\":\"snapshot_unavailable\"}");
    }

    @Test
    void aValueThatWasToldGoesOn() {
        told();
        reader.got.clear();
        stream.endUnlessTold();
        run();

        assertThat(reader.got).isEmpty();
    }

    @Test
    void itTakesNoMoreWhileMuchWaits() {
        List<String> drained = new ArrayList<>();
        stream.onDrain(() -> drained.add("drained"));
        for (int i = 0; i < 1_000; i++) {
            change("u" + i, "users", "{'id':1}", "");
        }
        boolean isFull = stream.isFull();
        run();

        assertThat(isFull).isTrue();
        assertThat(stream.isFull()).isFalse();
        assertThat(drained).hasSize(1);
    }

    @Test
    void whatWasFollowedEndsWithTheStream() {
        reader.onClose.run();

        assertThat(followed.ended).isEqualTo(1);
    }
}
