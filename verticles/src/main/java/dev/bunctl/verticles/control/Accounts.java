package dev.bunctl.verticles.control;

import dev.bunctl.bridge.message.Accounting;
import dev.bunctl.os.api.Platform;
import dev.bunctl.os.api.ProcessIdentity;
import dev.bunctl.os.api.ProcessKey;
import dev.bunctl.os.api.ProcessSampler.Usage;
import dev.bunctl.os.api.Processes.Account;
import dev.bunctl.os.api.Processes.MemoryAccount;
import dev.bunctl.verticles.internal.InstanceSnapshot;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What running instances have used, as far as the host counts it. */
final class Accounts {
    private static final System.Logger LOG = System.getLogger(Accounts.class.getName());

    private final Vertx vertx;
    private final Platform platform;

    Accounts(Vertx vertx, Platform platform) {
        this.vertx = vertx;
        this.platform = platform;
    }

    /** One entry for each that runs. A host that cannot say anything leaves all out. */
    Future<List<Accounting>> of(List<InstanceSnapshot> snapshots) {
        List<InstanceSnapshot> running = snapshots.stream()
                .filter(snapshot -> snapshot.identity().isPresent())
                .toList();
        if (running.isEmpty()) {
            return Future.succeededFuture(List.of());
        }
        return vertx.executeBlocking(() -> read(running), false).recover(cause -> {
            LOG.log(System.Logger.Level.WARNING, "no accounts", cause);
            return Future.succeededFuture(List.of());
        });
    }

    private List<Accounting> read(List<InstanceSnapshot> running) {
        Map<ProcessIdentity, Usage> samples = platform.sampler()
                .sample(running.stream()
                        .flatMap(snapshot -> snapshot.identity().stream())
                        .toList());
        List<Accounting> all = new ArrayList<>(running.size());
        for (InstanceSnapshot snapshot : running) {
            Optional<Usage> sample = snapshot.identity().map(samples::get);
            ProcessKey key = new ProcessKey(snapshot.instance(), snapshot.generation());
            sample.ifPresent(usage -> all.add(
                    accounting(snapshot.instance(), usage, platform.processes().account(key))));
        }
        return all;
    }

    /** The host's account of the tree goes before what its living processes say. */
    private static Accounting accounting(String instance, Usage sample, Optional<Account> account) {
        Optional<MemoryAccount> memory = account.flatMap(Account::memory);
        return new Accounting(
                instance,
                Duration.ofNanos(account.map(Account::cpuNanos).orElse(sample.cpuNanos())),
                memory.map(MemoryAccount::bytes).orElse(sample.memoryBytes()),
                account.isPresent() ? account.get().processes().orElse(sample.processes()) : sample.processes(),
                account.map(Accounts::held));
    }

    private static Accounting.Held held(Account account) {
        Optional<MemoryAccount> memory = account.memory();
        return new Accounting.Held(
                Duration.ofNanos(account.throttledNanos()),
                memory.map(known -> OptionalLong.of(known.heldBytes())).orElseGet(OptionalLong::empty),
                memory.map(MemoryAccount::peakBytes).orElseGet(OptionalLong::empty),
                account.cpuPressure(),
                account.memoryPressure(),
                account.diskPressure());
    }
}
