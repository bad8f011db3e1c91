package io.forebay.app;

import io.forebay.routing.Applications;
import io.forebay.routing.RunningApplication;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The applications of this process, as they come and go. */
final class RunningApplications implements Applications {

    private final Map<String, RunningApplication> byName = new ConcurrentHashMap<>();

    void add(RunningApplication application) {
        byName.put(application.name(), application);
    }

    @Override
    public @Nullable RunningApplication find(String name) {
        return byName.get(name);
    }

    @Override
    public Collection<RunningApplication> all() {
        return List.copyOf(byName.values());
    }
}
