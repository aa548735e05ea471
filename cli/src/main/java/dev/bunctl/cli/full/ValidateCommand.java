package dev.bunctl.cli.full;

import dev.bunctl.bridge.command.Request;
import dev.bunctl.bridge.message.ErrorCode;
import dev.bunctl.bridge.render.Presentation;
import dev.bunctl.bridge.render.Render;
import dev.bunctl.bridge.render.Rendered;
import dev.bunctl.bridge.wire.Json;
import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.resolve.Starter;
import dev.bunctl.conf.tree.ConfigException;
import dev.bunctl.conf.tree.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code bunctl validate}: says what is wrong with configurations. Starts nothing, and asks no daemon. */
final class ValidateCommand {
    private final Request.Validate request;
    private final Presentation how;

    ValidateCommand(Request.Validate request, Presentation how) {
        this.request = request;
        this.how = how;
    }

    /** What was found out about one file. */
    private record Report(String file, List<String> apps, List<Problem> problems, List<String> warnings) {
        boolean isValid() {
            return problems.isEmpty();
        }
    }

    Rendered run() throws FailureException {
        Starter starter = CallingProcess.starter();
        List<Report> reports = new ArrayList<>();
        for (Path file : files(new Configurations(starter))) {
            reports.add(report(new Configurations(starter), file));
        }
        String out = how.json() ? json(reports) : text(reports);
        return new Rendered(out, talk(reports), exitCode(reports));
    }

    private List<Path> files(Configurations configurations) throws FailureException {
        if (request.files().isEmpty()) {
            return List.of(configurations.need(Optional.empty(), "name one: bunctl validate FILE"));
        }
        List<Path> files = new ArrayList<>();
        for (String file : request.files()) {
            files.add(configurations.absolute(file));
        }
        return files;
    }

    private Report report(Configurations configurations, Path file) {
        String shown = configurations.shown(file);
        try {
            List<AppSpec> specs = configurations.resolve(
                    configurations.read(file), Configurations.options(request.environmentName()));
            List<String> names = specs.stream().map(spec -> spec.name().value()).toList();
            return new Report(shown, names, List.of(), configurations.warnings());
        } catch (ConfigException wrong) {
            return new Report(shown, List.of(), wrong.problems(), configurations.warnings());
        }
    }

    private static String text(List<Report> reports) {
        StringBuilder out = new StringBuilder();
        for (Report report : reports) {
            int count =
                    report.isValid() ? report.apps().size() : report.problems().size();
            out.append(report.file()).append(report.isValid() ? ": valid, " : ": not valid, ");
            out.append(count).append(report.isValid() ? " app" : " problem").append(count == 1 ? "\n" : "s\n");
        }
        return out.toString();
    }

    private String talk(List<Report> reports) {
        StringBuilder err = new StringBuilder();
        for (Report report : reports) {
            err.append(Render.warnings(report.warnings(), how));
            report.problems()
                    .forEach(problem ->
                            err.append(Failures.talk(code(problem), problem.toString(), Optional.empty(), how)));
        }
        return err.toString();
    }

    private static ErrorCode code(Problem problem) {
        return problem.sort() == Problem.Sort.NOT_FOUND ? ErrorCode.NOT_FOUND : ErrorCode.INVALID;
    }

    /** What must be changed outranks what is only missing on this host. */
    private static int exitCode(List<Report> reports) {
        List<ErrorCode> codes = reports.stream()
                .flatMap(report -> report.problems().stream())
                .map(ValidateCommand::code)
                .toList();
        if (codes.isEmpty()) {
            return 0;
        }
        return (codes.contains(ErrorCode.INVALID) ? ErrorCode.INVALID : ErrorCode.NOT_FOUND).exitCode();
    }

    private static String json(List<Report> reports) {
        Map<String, @Nullable Object> root = new LinkedHashMap<>();
        root.put("version", 1L);
        root.put("valid", reports.stream().allMatch(Report::isValid));
        root.put("files", reports.stream().map(ValidateCommand::json).toList());
        return Json.write(root) + "\n";
    }

    private static Map<String, @Nullable Object> json(Report report) {
        Map<String, @Nullable Object> file = new LinkedHashMap<>();
        file.put("file", report.file());
        file.put("valid", report.isValid());
        file.put("apps", report.apps());
        file.put(
                "problems",
                report.problems().stream().map(ValidateCommand::json).toList());
        file.put("warnings", report.warnings());
        return file;
    }

    private static Map<String, @Nullable Object> json(Problem problem) {
        Map<String, @Nullable Object> one = new LinkedHashMap<>();
        one.put("at", problem.at().source());
        one.put("line", problem.at().line() == 0 ? null : (long) problem.at().line());
        one.put("column", problem.at().line() == 0 ? null : (long) problem.at().column());
        one.put("kind", problem.sort().name().toLowerCase(Locale.ROOT));
        one.put("message", problem.message());
        problem.mismatch().ifPresent(mismatch -> {
            one.put("field", mismatch.field());
            one.put("expected", mismatch.expected());
            one.put("value", mismatch.value());
        });
        return one;
    }
}
