package dev.bunctl.bridge.message;

import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.Origin;
import dev.bunctl.conf.daemon.Endpoint;
import dev.bunctl.conf.plan.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** What the daemon answers to a {@link Command}. */
public sealed interface Answer {
    /** The daemon is there. */
    record Pong(long daemonPid, long guardPid, String version, long uptimeMillis, String home) implements Answer {}

    /**
     * One entry an instance, ordered by id.
     *
     * @param warnings for the user, in whole sentences
     * @param capabilities what the host can do, each with its cause
     */
    record Status(List<InstanceStatus> instances, List<String> warnings, List<HostCapability> capabilities)
            implements Answer {
        public Status {
            instances = List.copyOf(instances);
            warnings = List.copyOf(warnings);
            capabilities = List.copyOf(capabilities);
        }
    }

    /**
     * All that is known of some apps.
     *
     * @param warnings for the user, in whole sentences
     */
    record Description(List<AppDescription> apps, List<String> warnings) implements Answer {
        public Description {
            apps = List.copyOf(apps);
            warnings = List.copyOf(warnings);
        }
    }

    /**
     * One app in full. The environment in the specification is masked before it leaves the daemon.
     *
     * @param crashes the last ten ends of its processes, oldest first
     * @param usage of the instances that run
     * @param origin the configuration it was started from, or empty
     */
    record AppDescription(
            AppSpec spec,
            List<InstanceStatus> instances,
            List<CrashRecord> crashes,
            List<Accounting> usage,
            Optional<Origin> origin) {
        public AppDescription {
            instances = List.copyOf(instances);
            crashes = List.copyOf(crashes);
            usage = List.copyOf(usage);
        }
    }

    /** The ends that are remembered of some instances, oldest first. */
    record History(List<CrashRecord> crashes) implements Answer {
        public History {
            crashes = List.copyOf(crashes);
        }
    }

    /**
     * What instances used.
     *
     * @param times of the samples, oldest first
     * @param series one an instance, each with a value for each of these times
     */
    record UsageHistory(List<Instant> times, List<UsageSeries> series) implements Answer {
        public UsageHistory {
            times = List.copyOf(times);
            series = List.copyOf(series);
        }
    }

    /**
     * The changes of instances that are kept.
     *
     * @param events oldest first
     */
    record RecentEvents(List<AppEvent> events) implements Answer {
        public RecentEvents {
            events = List.copyOf(events);
        }
    }

    /**
     * The latest lines of some logs, in the order of their arrival.
     *
     * @param complete false when older ones were asked for and left out, because they are too much for one answer
     */
    record LogLines(List<LogEntry> lines, boolean complete) implements Answer {
        public LogLines {
            lines = List.copyOf(lines);
        }
    }

    /**
     * Some lines of a reading that is asked on, in the order of their arrival.
     *
     * @param number 1 for the first of a reading
     * @param place where the reading goes on behind them, of each log for which that is news
     * @param last whether nothing comes after them
     */
    record LogBatch(long number, List<LogEntry> lines, LogReading.Place place, boolean last) implements Answer {
        public LogBatch {
            lines = List.copyOf(lines);
        }
    }

    /**
     * Where the web page is.
     *
     * @param url for a browser of this host, with a login that is good once and for a short time; empty when the page is closed
     * @param endpoint where it listens; empty when the page is closed
     * @param fingerprint SHA-256 of the certificate, as in {@link Listening}; empty without TLS
     */
    record Web(Optional<String> url, Optional<Endpoint> endpoint, Optional<String> fingerprint) implements Answer {
        /** The page is closed. */
        public static final Web CLOSED = new Web(Optional.empty(), Optional.empty(), Optional.empty());
    }

    /**
     * What became of each instance that a command touched.
     *
     * @param results one an instance
     * @param instances the state of the touched instances afterwards
     * @param warnings for the user, in whole sentences
     */
    record Changed(List<InstanceResult> results, List<InstanceStatus> instances, List<String> warnings)
            implements Answer {
        public Changed {
            results = List.copyOf(results);
            instances = List.copyOf(instances);
            warnings = List.copyOf(warnings);
        }

        /** The same with more warnings. */
        public Changed warning(Collection<String> more) {
            List<String> all = new ArrayList<>(warnings);
            all.addAll(more);
            return new Changed(results, instances, all);
        }

        public boolean succeeded() {
            return results.stream().allMatch(InstanceResult::succeeded);
        }
    }

    /**
     * What became of one instance.
     *
     * @param instance {@code api:0}
     * @param succeeded whether it came where the command wanted it
     * @param outcome such as {@code started}, {@code already running}, {@code stopped}, or why not
     * @param lastLines the end of its stderr when it failed
     */
    record InstanceResult(String instance, boolean succeeded, String outcome, List<String> lastLines) {
        public InstanceResult {
            lastLines = List.copyOf(lastLines);
        }
    }

    /**
     * What applying a configuration would do.
     *
     * @param steps one for each app that the configuration speaks for
     * @param warnings for the user, in whole sentences
     */
    record Planned(List<Step> steps, List<String> warnings) implements Answer {
        public Planned {
            steps = List.copyOf(steps);
            warnings = List.copyOf(warnings);
        }

        /** Whether nothing would be done. */
        public boolean isEmpty() {
            return steps.stream().allMatch(step -> step.action() == Step.Action.KEEP);
        }
    }

    /** Every token there is, those that have ended but not been revoked included. */
    record Tokens(List<TokenEntry> tokens) implements Answer {
        public Tokens {
            tokens = List.copyOf(tokens);
        }
    }

    /**
     * A new token.
     *
     * @param text what its holder shows; told this once and kept nowhere
     */
    record TokenMade(TokenEntry token, String text) implements Answer {}

    /**
     * Where the bridge for other hosts listens.
     *
     * @param enabled whether it is to listen
     * @param port the real one where any free one was asked for
     * @param tls {@code own}, {@code files} or {@code none}
     * @param clientCertificates whether clients must show one
     * @param fingerprint SHA-256 of the certificate, pairs of hexadecimal digits with colons between
     * @param problem why it does not listen although it is to
     * @param connections clients there now
     */
    record Listening(
            boolean enabled,
            String address,
            int port,
            String tls,
            boolean clientCertificates,
            Optional<String> fingerprint,
            Optional<String> problem,
            int connections)
            implements Answer {}

    /**
     * The nodes of the cluster, by name.
     *
     * @param self what this node is called, or empty when it is in no cluster
     * @param nodes this one among them
     * @param problem why it is not in the cluster although it is to be, or what is wrong there; a whole sentence
     */
    record Nodes(Optional<String> self, List<NodeEntry> nodes, Optional<String> problem) implements Answer {
        public Nodes {
            nodes = List.copyOf(nodes);
        }
    }

    /** What each node answered, by name. */
    record OfNodes(List<NodeAnswer> answers) implements Answer {
        public OfNodes {
            answers = List.copyOf(answers);
        }
    }

    /** The command was refused and nothing was changed. */
    record Refused(ErrorCode code, String detail, Optional<String> hint) implements Answer {}
}
