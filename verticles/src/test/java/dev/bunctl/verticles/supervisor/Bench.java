package dev.bunctl.verticles.supervisor;

import dev.bunctl.conf.AppSpec;
import dev.bunctl.os.api.ProcessKey;
import dev.bunctl.os.fake.FakePlatform;
import dev.bunctl.os.fake.FakeProcess;
import dev.bunctl.verticles.internal.InstanceSnapshot;
import dev.bunctl.verticles.internal.SupervisorCommand;
import dev.bunctl.verticles.lifecycle.Desired;
import dev.bunctl.verticles.lifecycle.Memory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** One supervisor on a platform and an event loop driven by hand. */
final class Bench {
    static final String INSTANCE = "api:0";

    final FakePlatform platform;
    final ManualSurroundings around;
    final RecordingCollector collector = new RecordingCollector();
    final RecordingWatches watches = new RecordingWatches();
    final RecordingChannels channels = new RecordingChannels();
    final RecordingFiles changes = new RecordingFiles();
    final RuntimeFiles files;
    final Supervisor supervisor;
    AppSpec spec;

    Bench(Path folder, AppSpec spec) {
        this(new FakePlatform(), folder, spec, new Random(1));
    }

    Bench(FakePlatform platform, Path folder, AppSpec spec, Random random) {
        this.platform = platform;
        this.spec = spec;
        this.around = new ManualSurroundings(random);
        this.files = new RuntimeFiles(folder);
        SupervisorServices services = new SupervisorServices(
                platform, collector, new SpawnPlanner(platform), files, watches, channels, changes, random);
        this.supervisor = new Supervisor(INSTANCE, 0, spec, services, around);
    }

    /** As the verticle does when it is deployed. */
    Bench begin(Desired desired) throws IOException {
        Memory memory = files.load(INSTANCE)
                .map(found -> found.recall(platform.bootId(), around.now()))
                .orElse(Memory.NONE);
        supervisor.begin(memory, platform.processes().survivors(), desired);
        around.run();
        return this;
    }

    InstanceSnapshot start() {
        return command(new SupervisorCommand.StartInstance(spec));
    }

    InstanceSnapshot stop() {
        return command(new SupervisorCommand.StopInstance());
    }

    InstanceSnapshot restart() {
        return command(new SupervisorCommand.RestartInstance(spec));
    }

    InstanceSnapshot reload() {
        return command(new SupervisorCommand.ReloadInstance(spec));
    }

    /** The answer as it is given at once; then all that was posted runs. */
    InstanceSnapshot command(SupervisorCommand command) {
        InstanceSnapshot answer = supervisor.command(command);
        around.run();
        return answer;
    }

    InstanceSnapshot now() {
        return supervisor.snapshot();
    }

    Bench online() throws IOException {
        Bench begun = begin(Desired.STOPPED);
        InstanceSnapshot _ = begun.start();
        around.pass(Duration.ofMillis(300));
        return begun;
    }

    FakeProcess process(int generation) {
        return platform.processes().process(new ProcessKey(INSTANCE, generation));
    }

    void exit(int generation, int code) {
        process(generation).exit(code);
        around.run();
    }

    List<Integer> running() {
        return platform.processes().all().stream()
                .filter(FakeProcess::running)
                .map(process -> process.key().generation())
                .toList();
    }
}
