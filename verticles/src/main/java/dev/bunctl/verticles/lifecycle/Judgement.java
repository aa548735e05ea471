package dev.bunctl.verticles.lifecycle;

import dev.bunctl.conf.RestartPolicy;
import dev.bunctl.os.api.ExitStatus;
import java.time.Duration;

/**
 * What the restart policy says about an end.
 *
 * @param verdict what follows
 * @param counters the counters afterwards
 */
record Judgement(Verdict verdict, Counters counters) {
    /** A process ended by itself. */
    static Judgement ofExit(
            RestartPolicy policy, Counters counters, ExitStatus status, String cause, Duration uptime, Now now) {
        return switch (status) {
            case ExitStatus.Code(int code)
            when policy.stopExitCodes().contains(code) ->
                new Judgement(new Verdict.Rest(cause + " is one of stop_exit_codes"), counters);
            case ExitStatus.Killed(var signal, var _)
            when policy.stopSignals().contains(signal.longName()) ->
                new Judgement(new Verdict.Rest(cause + " is one of stop_signals"), counters);
            case ExitStatus.Code _, ExitStatus.Killed _, ExitStatus.Unknown _ ->
                isSuccess(policy, status)
                        ? ofSuccess(policy, counters, cause, uptime, now)
                        : ofFailure(policy, counters, cause, uptime, now);
        };
    }

    private static boolean isSuccess(RestartPolicy policy, ExitStatus status) {
        return switch (status) {
            case ExitStatus.Code(int code) -> policy.successExitCodes().contains(code);
            case ExitStatus.Killed(var signal, var _) -> policy.successSignals().contains(signal.longName());
            case ExitStatus.Unknown() -> false;
        };
    }

    private static Judgement ofSuccess(
            RestartPolicy policy, Counters counters, String cause, Duration uptime, Now now) {
        return switch (policy.mode()) {
            case ALWAYS -> again(policy, counters, cause, uptime, now);
            case ON_FAILURE, NO ->
                new Judgement(
                        new Verdict.Rest("%s, restart policy %s".formatted(cause, name(policy.mode()))), counters);
        };
    }

    /** A process failed: it ended badly, never ran, was not ready in time or unhealthy. */
    static Judgement ofFailure(RestartPolicy policy, Counters counters, String cause, Duration uptime, Now now) {
        return switch (policy.mode()) {
            case ALWAYS, ON_FAILURE -> again(policy, counters, cause, uptime, now);
            case NO -> new Judgement(new Verdict.GiveUp(cause + ", restart policy no", false), counters);
        };
    }

    /** The host had no room for a process: it is tried again until it has, and never given up for that. */
    static Judgement ofShortage(RestartPolicy policy, Counters counters, String cause, Now now) {
        return switch (policy.mode()) {
            case ALWAYS, ON_FAILURE ->
                new Judgement(
                        new Verdict.StartAgain(now.monotonic().plus(wait(policy, counters.attempt(), now)), cause),
                        counters.withAttempt(next(counters.attempt())));
            case NO -> ofFailure(policy, counters, cause, Duration.ZERO, now);
        };
    }

    /** A limit was passed that asks for a restart under every policy, at once, but not without end. */
    static Judgement ofLimit(RestartPolicy policy, Counters counters, String cause, Now now) {
        if (exhausted(policy, counters, now)) {
            return new Judgement(givenUp(policy, cause), counters);
        }
        return new Judgement(
                new Verdict.StartAgain(now.monotonic(), cause), counters.restartedAt(now.monotonic(), policy.window()));
    }

    private static Judgement again(RestartPolicy policy, Counters counters, String cause, Duration uptime, Now now) {
        if (exhausted(policy, counters, now)) {
            return new Judgement(givenUp(policy, cause), counters);
        }
        int attempt = uptime.compareTo(policy.minUptime()) >= 0 ? 0 : counters.attempt();
        return new Judgement(
                new Verdict.StartAgain(now.monotonic().plus(wait(policy, attempt, now)), cause),
                counters.restartedAt(now.monotonic(), policy.window()).withAttempt(next(attempt)));
    }

    private static Duration wait(RestartPolicy policy, int attempt, Now now) {
        return policy.delay().isZero() ? BackoffCurve.wait(policy.backoff(), attempt, now.random()) : policy.delay();
    }

    private static int next(int attempt) {
        return attempt == Integer.MAX_VALUE ? attempt : attempt + 1;
    }

    private static boolean exhausted(RestartPolicy policy, Counters counters, Now now) {
        if (policy.maxRestarts() < 0) {
            return false;
        }
        int most = Math.min(policy.maxRestarts(), Counters.MAX_WINDOW);
        return counters.within(now.monotonic(), policy.window()).size() >= most;
    }

    private static Verdict givenUp(RestartPolicy policy, String cause) {
        String reason = "%s, after %d restarts within %s"
                .formatted(cause, Math.min(policy.maxRestarts(), Counters.MAX_WINDOW), Words.of(policy.window()));
        return new Verdict.GiveUp(
                reason,
                switch (policy.exhausted()) {
                    case STOP -> false;
                    case REMOVE -> true;
                });
    }

    private static String name(RestartPolicy.Mode mode) {
        return switch (mode) {
            case ALWAYS -> "always";
            case ON_FAILURE -> "on-failure";
            case NO -> "no";
        };
    }
}
