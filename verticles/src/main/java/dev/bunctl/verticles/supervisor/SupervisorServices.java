package dev.bunctl.verticles.supervisor;

import dev.bunctl.os.api.Platform;
import dev.bunctl.verticles.log.OutputCollector;
import java.util.random.RandomGenerator;

/**
 * What all supervisors of a daemon share.
 *
 * @param random for the jitter of restarts; used from event loops only
 */
public record SupervisorServices(
        Platform platform,
        OutputCollector collector,
        SpawnPlanner planner,
        RuntimeFiles runtime,
        Watches watches,
        Channels channels,
        FileChanges files,
        RandomGenerator random) {}
