package io.forebay.it.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.forebay.it.client.EventStream;
import io.forebay.it.client.EventStream.Message;
import io.forebay.it.client.ForebayClient;
import io.forebay.it.client.ForebayClient.Reply;
import io.forebay.it.cluster.ClusterProvider;
import io.forebay.it.stack.ForebayStack;
import io.forebay.it.stack.TwoInstances;
import io.forebay.schemas.avro.RecordTold;
import io.forebay.schemas.path.Path;
import io.forebay.schemas.serde.AvroSerdes;
import io.forebay.schemas.topic.TopicSpec;
import io.forebay.sync.SyncConfig;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Whoever subscribes hears of what changes, by the stream and on the topic, from whichever of two instances. Each test has records of its own. */
class SubscriptionsIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    private static final String MODEL = """
            tables:
              users:
                columns: [id, name]
                assocs:
                  posts: {kind: has_many, table: posts, fk: user_id}
              posts:
                columns: [id, title, user_id]
                assocs:
                  user: {kind: belongs_to, table: users, fk: user_id}
            """;

    private static @Nullable ForebayStack stack;
    private static @Nullable TwoInstances both;

    @BeforeAll
    static void start() {
        stack = ForebayStack.small(ClusterProvider.shared(), Models.setting(MODEL));
        both = TwoInstances.with(stack, SyncConfig.CAPABILITY);
    }

    @AfterAll
    static void stop() {
        Objects.requireNonNull(both).close();
    }

    private static ForebayStack stack() {
        return Objects.requireNonNull(stack);
    }

    private static ForebayClient first() {
        return Objects.requireNonNull(both).first();
    }

    private static ForebayClient second() {
        return Objects.requireNonNull(both).second();
    }

    private static Reply post(ForebayClient client, String target, String body) {
        return client.post(target, body.replace('\'', '"')).orFail();
    }

    private static Reply change(String changes) {
        return post(second(), "/v1/changes", "{'changes':[" + changes + "]}");
    }

    /** The next messages that are about a record, each as what happened, the record and whether it is followed from then on. */
    private static List<String> told(EventStream stream, int count) {
        List<String> told = new ArrayList<>();
        while (told.size() < count) {
            Message message = stream.next(SOON);
            JsonNode change = message.event().equals("change") ? message.json() : null;
            if (change != null && change.has("table")) {
                told.add(change.path("op").asText() + " " + change.path("table").asText() + "/"
                        + change.at("/key/0").asText()
                        + (change.path("followed").asBoolean() ? "" : " left"));
            }
        }
        return told;
    }

    private static EventStream stream(ForebayClient client, String subscriber, @Nullable String lastEventId) {
        return client.stream("/v1/subscriptions/" + subscriber, lastEventId);
    }

    @Test
    void whatEntersIsFollowedAndWhatLeavesIsToldToBothParents() {
        change("{'op':'snapshot','table':'users','row':{'id':1}},{'op':'snapshot','table':'users','row':{'id':2}},"
                + "{'op':'snapshot','table':'posts','row':{'id':10,'user_id':1}}");
        try (EventStream anna = stream(first(), "anna", null);
                EventStream berta = stream(second(), "berta", null)) {
            anna.until("caught-up", SOON);
            berta.until("caught-up", SOON);
            post(
                    first(),
                    "/v1/subscriptions/anna:add",
                    "{'target':{'table':'users','row':{'id':1}},'assocs':{'posts':{}}}");
            post(
                    first(),
                    "/v1/subscriptions/berta:add",
                    "{'target':{'table':'users','row':{'id':2}},'assocs':{'posts':{}}}");
            List<String> there = told(anna, 2);
            told(berta, 1);
            change("{'id':'s1','op':'inserted','table':'posts','row':{'id':11,'user_id':1},'by':'clara'}");
            List<String> inserted = told(anna, 1);
            change("{'id':'s2','op':'updated','table':'posts','row':{'id':11,'user_id':2}}");
            List<String> moved = told(anna, 1);
            List<String> entered = told(berta, 1);
            change("{'op':'deleted','table':'posts','row':{'id':11}}");
            List<String> deleted = told(berta, 1);

            assertThat(there).containsExactlyInAnyOrder("snapshot users/1", "snapshot posts/10");
            assertThat(inserted).containsExactly("inserted posts/11");
            assertThat(moved).containsExactly("updated posts/11 left");
            assertThat(entered).containsExactly("inserted posts/11");
            assertThat(deleted).containsExactly("deleted posts/11 left");
        }
    }

    @Test
    void whatWasSubscribedToIsListedAndEnds() {
        change("{'op':'inserted','table':'users','row':{'id':20}}");
        Reply added = post(first(), "/v1/subscriptions/dora:add", "{'watcher':['users','updated'],'id':20}");
        post(first(), "/v1/subscriptions/dora:add", "{'table':'posts'}");
        try (EventStream dora = stream(second(), "dora", null)) {
            dora.until("caught-up", SOON);
            change(
                    "{'op':'inserted','table':'users','row':{'id':20}},{'op':'updated','table':'users','row':{'id':20}}");
            List<String> heard = told(dora, 1);
            Reply listed =
                    second().get("/v1/subscriptions/dora", added.position()).orFail();
            Reply listening = second().get("/v1/subscriptions?table=users&event=updated&id=20", added.position())
                    .orFail();
            post(second(), "/v1/subscriptions/dora:remove", "{'watcher':['users','updated'],'id':20}");
            change("{'op':'updated','table':'users','row':{'id':20}}");
            change("{'op':'inserted','table':'posts','row':{'id':21}}");
            List<String> rest = told(dora, 2);

            assertThat(added.text()).isEqualTo("{\"identifiers\":[{\"watcher\":[\"users\",\"updated\"],\"id\":20}]}");
            assertThat(heard).singleElement().asString().startsWith("updated users/20");
            assertThat(listed.text()).contains("{\"watcher\":[\"users\",\"updated\"],\"id\":20}");
            assertThat(listening.json().path("subscribers").toString()).isEqualTo("[{\"subscriber\":\"dora\"}]");
            assertThat(rest).containsExactly("released users/20 left", "inserted posts/21 left");
        }
    }

    @Test
    void aSubscriberWhoWasAwayGoesOnWhereHeStopped() {
        post(first(), "/v1/subscriptions/emil:add", "{'watcher':['users','inserted']}");
        String lastEventId;
        try (EventStream emil = stream(first(), "emil", null)) {
            emil.until("caught-up", SOON);
            change("{'op':'inserted','table':'users','row':{'id':30}}");
            assertThat(told(emil, 1)).containsExactly("inserted users/30 left");
            lastEventId = emil.lastEventId();
        }
        change("{'op':'inserted','table':'users','row':{'id':31}}");
        try (EventStream emil = stream(second(), "emil", lastEventId)) {
            assertThat(told(emil, 1)).containsExactly("inserted users/31 left");
        }
    }

    @Test
    void onTheTopicItIsTheSame() {
        post(first(), "/v1/subscriptions/f%2Fg:add", "{'watcher':['posts','inserted'],'id':['user_id',40]}");

        change("{'id':'s40','op':'inserted','table':'posts','row':{'id':41,'user_id':40},'by':'clara'}");

        RecordTold told = onTopic("f/g", "posts/41");
        assertThat(told.getOp().name()).isEqualTo("inserted");
        assertThat(told.getId()).isEqualTo("s40");
        assertThat(told.getBy()).isEqualTo("clara");
        assertThat(told.getIdentifiers())
                .containsExactly("{\"watcher\":[\"posts\",\"inserted\"],\"id\":[\"user_id\",40]}");
    }

    @Test
    void whatEntersAValueIsLoadedAsItsSubscriberAskedFor() {
        change("{'op':'inserted','table':'users','row':{'id':50,'name':'a'}}");
        post(
                first(),
                "/v1/subscriptions/gerd:add",
                "{'target':{'table':'users','row':{'id':50}},'assocs':{'posts':{'user':{}}}}");
        Reply told = change("{'id':'s50','op':'inserted','table':'posts','row':{'id':51,'user_id':50}}");

        String ofGerd = synced(",'subscriber':'gerd'", told);
        String ofNobody = synced("", told);

        assertThat(ofGerd)
                .isEqualTo(
                        "[{'table':'posts','row':{'id':51,'user_id':50},'assocs':{'user':{'table':'users','row':{'id':50,'name':'a'}}}}]"
                                .replace('\'', '"'));
        assertThat(ofNobody).isEqualTo("[{'table':'posts','row':{'id':51,'user_id':50}}]".replace('\'', '"'));
    }

    /** The posts of a user, none of which were loaded, after a change. */
    private static String synced(String more, Reply told) {
        return second().call("POST", "/v1/sync")
                .atLeast(told.position())
                .json(("{'value':{'table':'users','row':{'id':50},'assocs':{'posts':[]}},'event':'s50'" + more + "}")
                        .replace('\'', '"'))
                .send()
                .orFail()
                .json()
                .at("/value/assocs/posts")
                .toString();
    }

    private static RecordTold onTopic(String subscriber, String record) {
        TopicSpec topic = stack().topics().recordsSync();
        Path key = Path.of(subscriber);
        TopicPartition partition = new TopicPartition(topic.name(), topic.partitionFor(key));
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                        Map.of("bootstrap.servers", stack().bootstrapServers(), "isolation.level", "read_committed"),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer());
                AvroSerdes serdes = AvroSerdes.create(Map.of("schema.registry.url", stack().registryUrl()))) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            List<RecordTold> found = new ArrayList<>();
            Awaitility.await().atMost(SOON).until(() -> {
                for (ConsumerRecord<byte[], byte[]> one : consumer.poll(Duration.ofMillis(100))) {
                    RecordTold told = serdes.deserializer(RecordTold.class).deserialize(topic.name(), one.value());
                    if (new String(one.key(), StandardCharsets.UTF_8).equals(key.toString())
                            && told.getRecord().equals(record)) {
                        found.add(told);
                    }
                }
                return !found.isEmpty();
            });
            return found.get(0);
        }
    }
}
