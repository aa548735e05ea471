package dev.bunctl.verticles.supervisor;

import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.WatchPolicy;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Follows the files of one instance as long as it is to run and its policy is on. On the supervisor's thread. */
final class FollowedFiles {
    private final FileChanges changes;
    private final Surroundings around;
    private final Consumer<String> changed;
    private final Runnable failed;
    private Watches.@Nullable Watch watch;
    private Optional<WatchPolicy> followed = Optional.empty();
    private Optional<String> problem = Optional.empty();
    private Promise<Void> settled = Promise.promise();

    /**
     * @param changed told in words what changed
     * @param failed told when {@link #problem} has something to say
     */
    FollowedFiles(FileChanges changes, Surroundings around, Consumer<String> changed, Runnable failed) {
        this.changes = changes;
        this.around = around;
        this.changed = changed;
        this.failed = failed;
        boolean _ = settled.tryComplete();
    }

    /** Follows from now on what this specification asks for; nothing when the instance is not to run. */
    void follow(AppSpec spec, boolean wanted) {
        Optional<WatchPolicy> policy = wanted ? spec.watch().filter(WatchPolicy::enabled) : Optional.empty();
        if (policy.equals(followed)) {
            return;
        }
        end();
        followed = policy;
        if (policy.isPresent()) {
            settled = Promise.promise();
            watch = changes.follow(spec, new Reports(policy.get()));
        }
    }

    /** Completes when it is known whether the files are watched. */
    Future<Void> settled() {
        return settled.future();
    }

    /** Why files are not watched although they should be. */
    Optional<String> problem() {
        return problem;
    }

    void end() {
        if (watch != null) {
            watch.end();
            watch = null;
        }
        followed = Optional.empty();
        problem = Optional.empty();
        boolean _ = settled.tryComplete();
    }

    /** Takes what belongs to the policy that is followed now. */
    private final class Reports implements FileChanges.Listener {
        private final WatchPolicy policy;

        Reports(WatchPolicy policy) {
            this.policy = policy;
        }

        @Override
        public void begun() {
            around.executor().execute(() -> {
                if (followed.filter(policy::equals).isPresent()) {
                    boolean _ = settled.tryComplete();
                }
            });
        }

        @Override
        public void changed(String detail) {
            around.executor().execute(() -> {
                if (followed.filter(policy::equals).isPresent()) {
                    changed.accept(detail);
                }
            });
        }

        @Override
        public void failed(String why) {
            around.executor().execute(() -> {
                if (followed.filter(policy::equals).isPresent()) {
                    problem = Optional.of(why);
                    boolean _ = settled.tryComplete();
                    failed.run();
                }
            });
        }
    }
}
