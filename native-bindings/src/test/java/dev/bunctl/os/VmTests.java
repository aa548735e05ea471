package dev.bunctl.os;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs the tests with the tag {@code vm} of the classes that are named, without Maven: inside a virtual machine, where a
 * process costs more than a test. A line for each, and exit code 1 when one failed or none ran.
 */
public final class VmTests implements TestExecutionListener {
    private final PrintStream out;
    private final List<String> failed = new ArrayList<>();
    private int succeeded;
    private int skipped;
    private long startedAt;

    private VmTests(PrintStream out) {
        this.out = out;
    }

    public static void main(String[] classes) {
        VmTests tests = new VmTests(System.out);
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(List.of(classes).stream()
                        .map(DiscoverySelectors::selectClass)
                        .toList())
                .filters(TagFilter.includeTags("vm"))
                .build();
        Launcher launcher = LauncherFactory.create();
        launcher.execute(request, tests);
        System.exit(tests.report());
    }

    private int report() {
        out.printf("vm: %d succeeded, %d skipped, %d failed %s%n", succeeded, skipped, failed.size(), failed);
        return failed.isEmpty() && succeeded + skipped > 0 ? 0 : 1;
    }

    @Override
    public void executionStarted(TestIdentifier test) {
        startedAt = System.nanoTime();
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        skipped++;
        out.printf("skipped %s: %s%n", test.getDisplayName(), reason);
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        switch (result.getStatus()) {
            case SUCCESSFUL -> succeeded(test);
            case ABORTED -> {
                skipped++;
                out.printf("skipped %s: %s%n", test.getDisplayName(), cause(result));
            }
            case FAILED -> {
                failed.add(test.getDisplayName());
                out.printf("FAILED %s%n", test.getDisplayName());
                result.getThrowable().ifPresent(cause -> cause.printStackTrace(out));
            }
        }
    }

    private void succeeded(TestIdentifier test) {
        if (test.isTest()) {
            succeeded++;
            out.printf("ok %s (%.1f s)%n", test.getDisplayName(), (System.nanoTime() - startedAt) / 1e9);
        }
    }

    private static String cause(TestExecutionResult result) {
        return result.getThrowable().map(Throwable::getMessage).orElse("no cause was given");
    }
}
