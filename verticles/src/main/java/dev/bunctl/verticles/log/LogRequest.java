package dev.bunctl.verticles.log;

import dev.bunctl.bridge.message.LogQuery;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A question to the logs.
 *
 * @param sources at most {@value #MAX_SOURCES}
 * @param query of its lines, the latest are given; its pattern is compiled in {@code pattern}
 * @param pattern only lines that contain it
 * @param resume where to go on, in place of the lines of the past
 */
public record LogRequest(
        List<LogSource> sources, LogQuery query, Optional<Pattern> pattern, Optional<LogResume> resume) {
    public static final int MAX_SOURCES = 4096;

    public LogRequest {
        sources = List.copyOf(sources);
        if (sources.size() > MAX_SOURCES) {
            throw new IllegalArgumentException("at most " + MAX_SOURCES + " logs can be read at once");
        }
    }

    /**
     * Asks for the logs of some instances; files that several share are read once.
     *
     * @throws java.util.regex.PatternSyntaxException when the pattern of the query is none
     */
    public static LogRequest of(List<InstanceLogs> instances, LogQuery query) {
        Map<Path, LogSource> sources = new LinkedHashMap<>();
        for (InstanceLogs logs : instances) {
            for (LogSource source : logs.sources(query.stdout(), query.stderr())) {
                sources.putIfAbsent(source.file(), source);
            }
        }
        return new LogRequest(
                new ArrayList<>(sources.values()), query, query.pattern().map(Pattern::compile), Optional.empty());
    }

    /** The same, going on there. */
    public LogRequest from(LogResume place) {
        return new LogRequest(sources, query, pattern, Optional.of(place));
    }
}
