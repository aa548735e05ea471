package dev.bunctl.verticles.supervisor;

import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.LogPolicy;
import dev.bunctl.os.api.OutputPipe;
import dev.bunctl.os.api.ProcessKey;
import dev.bunctl.verticles.log.OutputCollector;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;

/** Takes pipes and has nothing to read from them. */
final class RecordingCollector implements OutputCollector {
    final List<ProcessKey> collected = new ArrayList<>();
    final List<ProcessKey> drained = new ArrayList<>();
    final List<LogPolicy.Rotation> rules = new ArrayList<>();
    final Promise<Void> readyLine = Promise.promise();
    List<String> lastLines = List.of();

    @Override
    public Collection collect(ProcessKey key, AppSpec spec, OutputPipe stdout, OutputPipe stderr) {
        collected.add(key);
        return new Collection() {
            @Override
            public Future<Void> drain() {
                drained.add(key);
                stdout.close();
                stderr.close();
                return Future.succeededFuture();
            }

            @Override
            public Future<Void> readyLine() {
                return readyLine.future();
            }

            @Override
            public void adopt(LogPolicy policy) {
                rules.add(policy.rotation());
            }
        };
    }

    @Override
    public Future<List<String>> lastErrorLines(String instance, int count) {
        return Future.succeededFuture(lastLines);
    }
}
