package dev.bunctl.verticles.main;

import dev.bunctl.conf.AppSpec;
import dev.bunctl.verticles.control.AppLogs;
import dev.bunctl.verticles.log.InstanceLogs;
import dev.bunctl.verticles.log.LogControl;
import io.vertx.core.Future;
import java.nio.file.Path;

/**
 * The log files of this daemon's instances.
 *
 * @param folder {@code <home>/logs}
 */
record DaemonLogs(Path folder, LogControl control) implements AppLogs {
    private InstanceLogs of(AppSpec spec, int number) {
        return InstanceLogs.of(folder, spec, number);
    }

    @Override
    public String out(AppSpec spec, int number) {
        return of(spec, number).stdout().map(Path::toString).orElse("");
    }

    @Override
    public String err(AppSpec spec, int number) {
        return of(spec, number).stderr().map(Path::toString).orElse("");
    }

    @Override
    public Future<Void> flush(AppSpec spec, int number) {
        return control.flush(of(spec, number).files());
    }

    @Override
    public Future<Void> rotate(AppSpec spec, int number) {
        return control.rotate(of(spec, number).files(), spec.logs().rotation());
    }

    @Override
    public Future<Void> reopen() {
        return control.reopen();
    }
}
