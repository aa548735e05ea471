package dev.bunctl.os.fake;

import dev.bunctl.os.api.NativeException;
import dev.bunctl.os.api.Platform;
import dev.bunctl.os.api.ProcessKey;
import dev.bunctl.os.api.ProcessesContract;
import dev.bunctl.os.api.SpawnPlan;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

final class FakeProcessesTest extends ProcessesContract {
    private FakePlatform platform = new FakePlatform();

    @Override
    protected Platform platform() {
        return platform;
    }

    @Override
    protected Platform successor() {
        platform.close();
        platform = platform.successor();
        return platform;
    }

    @Override
    protected SpawnPlan program(ProcessKey key) {
        return new SpawnPlan(
                key,
                Path.of("/bin/program"),
                List.of("program"),
                Map.of(),
                Path.of("/"),
                022,
                List.of(),
                Optional.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                Optional.empty());
    }

    @Override
    protected SpawnPlan missing(ProcessKey key) {
        platform.processes().failNextSpawn(new NativeException("exec", 2, "no such file or directory"));
        return program(key);
    }

    @Override
    protected void print(ProcessKey key, String text) {
        platform.processes().process(key).stdout().write(text);
    }

    @Override
    protected void printError(ProcessKey key, String text) {
        platform.processes().process(key).stderr().write(text);
    }

    @Override
    protected void exit(ProcessKey key, int code) {
        platform.processes().process(key).exit(code);
    }
}
