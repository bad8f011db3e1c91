package io.forebay.routing;

import io.forebay.store.PartitionStore;
import io.forebay.store.Role;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListStreamsGroupOffsetsSpec;
import org.apache.kafka.clients.admin.StreamsGroupDescription;
import org.apache.kafka.clients.admin.StreamsGroupMemberDescription;
import org.apache.kafka.clients.admin.StreamsGroupSubtopologyDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.ThreadMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the new owner of an idle partition how far its group has come.
 *
 * <p>A store knows its position from what it has applied, and after a restore from its changelog. Input that wrote nothing is in no changelog: when
 * such records are the last of a partition and the partition moves, its new owner finds itself behind them, and as nothing more comes in it would
 * stay there, while a reader waits who has their position. The group's committed offset says that they were processed.
 *
 * <p>Under exactly-once a committed offset and the writes of everything below it are one transaction, so a store that has restored its changelog to
 * the end has all of them. That is why only an {@link Role#ACTIVE} store is moved: a store that restores or follows may not have read them yet.
 *
 * <p>An owner that was deposed and does not know it yet (a long pause) still takes itself for active, and would claim what its successor committed.
 * So after the offset was read the group is asked who owns the partition: if it is a member of this process, nobody else can have committed in
 * between, because a member that was fenced gives up its tasks, and closes their stores, before it may join again and be given any (KIP-848,
 * KIP-1071). Members are recognised by the client ids of this process's own threads, which Kafka Streams makes unique unless {@code client.id} is set
 * alike on several instances.
 */
final class CommittedFloor {

    private static final Logger LOG = LoggerFactory.getLogger(CommittedFloor.class);

    private final Admin admin;
    private final Executor executor;
    private final Set<TopicPartition> underWay = ConcurrentHashMap.newKeySet();

    /**
     * @param admin asks the cluster
     * @param executor where answers are dealt with, so that the admin client's thread is not held
     */
    CommittedFloor(Admin admin, Executor executor) {
        this.admin = admin;
        this.executor = executor;
    }

    /** Moves an active store's position to what its group has committed, in a while and if it is sure. */
    void raise(RunningApplication application, PartitionStore store, TopicPartition source) {
        if (store.role() != Role.ACTIVE || !underWay.add(source)) {
            return;
        }
        committed(application.name(), source)
                .thenComposeAsync(
                        committed -> committed - 1 <= store.position()
                                ? CompletableFuture.completedFuture(false)
                                : isOwner(application, source)
                                        .thenApplyAsync(owner -> advance(owner, store, committed - 1), executor),
                        executor)
                .whenComplete((moved, failure) -> {
                    underWay.remove(source);
                    if (failure != null) {
                        LOG.warn("Cannot tell how far {} was processed: {}", source, failure.toString());
                    } else if (moved) {
                        LOG.debug("{} moved to its group's committed offset", source);
                    }
                });
    }

    private static boolean advance(boolean owner, PartitionStore store, long offset) {
        if (!owner || store.role() != Role.ACTIVE) {
            return false;
        }
        store.advanceTo(offset);
        return true;
    }

    /** The next offset the group will process, 0 if it has committed none. */
    private CompletionStage<Long> committed(String group, TopicPartition source) {
        return admin.listStreamsGroupOffsets(
                        Map.of(group, new ListStreamsGroupOffsetsSpec().topicPartitions(List.of(source))))
                .partitionsToOffsetAndMetadata(group)
                .toCompletionStage()
                .thenApply(offsets -> {
                    OffsetAndMetadata offset = offsets.get(source);
                    return offset == null ? 0L : offset.offset();
                });
    }

    private CompletionStage<Boolean> isOwner(RunningApplication application, TopicPartition source) {
        return admin.describeStreamsGroups(List.of(application.name()))
                .all()
                .toCompletionStage()
                .thenApplyAsync(
                        groups -> {
                            StreamsGroupDescription group = groups.get(application.name());
                            return group != null && ownsHere(application, group, source);
                        },
                        executor);
    }

    private static boolean ownsHere(
            RunningApplication application, StreamsGroupDescription group, TopicPartition source) {
        Set<String> subtopologies = new HashSet<>();
        for (StreamsGroupSubtopologyDescription subtopology : group.subtopologies()) {
            if (subtopology.sourceTopics().contains(source.topic())) {
                subtopologies.add(subtopology.subtopologyId());
            }
        }
        Set<String> clients = new HashSet<>();
        for (ThreadMetadata thread : application.streams().metadataForLocalThreads()) {
            clients.add(thread.consumerClientId());
        }
        return group.members().stream()
                .filter(member -> clients.contains(member.clientId()))
                .anyMatch(member -> owns(member, subtopologies, source.partition()));
    }

    private static boolean owns(StreamsGroupMemberDescription member, Set<String> subtopologies, int partition) {
        return member.assignment().activeTasks().stream()
                .anyMatch(tasks -> subtopologies.contains(tasks.subtopologyId())
                        && tasks.partitions().contains(partition));
    }
}
